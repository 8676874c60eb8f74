import type { Language } from "../language.ts";
import { packageStatus } from "../tool-status.ts";
import { detect, findSources } from "./detect.ts";

/** AssemblyScript: a program is what its entry file imports. */
export const assemblyscript: Language = {
  parallelBuilds: 1,
  findSources,
  detect,
  compile: async (options) => (await import("./compile.ts")).compile(options),
  tools: async () =>
    ["assemblyscript", "@assemblyscript/wasi-shim"].map((name) => packageStatus("assemblyscript", name)),
};
