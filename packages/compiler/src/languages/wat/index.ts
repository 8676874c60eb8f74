import { readdirSync } from "node:fs";
import { basename } from "node:path";
import type { Language } from "../language.ts";
import { packageStatus } from "../tool-status.ts";

/** The WebAssembly text format: a module is a file. */
export const wat: Language = {
  parallelBuilds: 1,
  findSources: (dir) =>
    readdirSync(dir)
      .filter((name) => name.endsWith(".wat"))
      .toSorted(),
  detect: async (_, file) => ({
    label: file,
    name: basename(file, ".wat"),
    description: undefined,
    build: { language: "wat" },
    isCommand: true,
  }),
  compile: async (options) => (await import("./compile.ts")).compile(options),
  tools: async () => [packageStatus("wat", "wabt")],
};
