import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join, relative } from "node:path";
import { isZigLibrary } from "./is-zig-library.ts";
import type { Language } from "../language.ts";
import { placeFirst } from "../problem-patterns.ts";

const usualSources = ["src/main.zig", "src/root.zig", "main.zig"];

/** Zig: a program is what its root file imports. */
export const zig: Language = {
  title: "Zig",
  about: "Small modules, and the standard library knows WASI; needs Zig, which pip installs",
  source: "src/main.zig",
  sign: "src/main.zig",
  sources: ["src/**/*.zig"],
  comment: /^ *\/\/.*/gm,
  project: {
    edited: "src",
    files: [["src/", "the program"]],
    ignored: [".zig-cache/", "zig-out/"],
    needs: "Zig needs its compiler, 0.16 or newer",
    steps: ["run: python3 -m pip install ziglang"],
    editor: "zls needs no settings. It shows errors of syntax; `dev` shows all that the compiler finds.",
    problems: placeFirst,
    extensions: ["ziglang.vscode-zig"],
  },
  parallelBuilds: availableParallelism(),
  findSources: (dir) => usualSources.filter((path) => existsSync(join(dir, path))).slice(0, 1),
  detect: async (dir, source) => {
    const isReactor = isZigLibrary(readFileSync(join(dir, source), "utf8"));
    return {
      label: `the ${isReactor ? "library" : "program"} ${relative(process.cwd(), join(dir, source))}`,
      name: basename(dir) || "program",
      description: undefined,
      build: { language: "zig", ...(source === usualSources[0] ? {} : { source }) },
      isCommand: !isReactor,
    };
  },
  tools: async (dir) => (await import("./ensure-zig.ts")).zigTools(dir),
  installTools: async (options) => (await import("./ensure-zig.ts")).ensureZig(options),
};
