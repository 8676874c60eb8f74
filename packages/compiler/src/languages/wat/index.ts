import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import type { Language } from "../language.ts";
import { placeFirst } from "../problem-patterns.ts";
import { packageStatus } from "../tool-status.ts";

/** The WebAssembly text format: a module is a file. */
export const wat: Language = {
  title: "WAT",
  about: "WebAssembly's own text format: every call by hand",
  source: "NAME.wat",
  sign: ".wat file",
  sources: ["*.wat"],
  comment: /^ *;;.*/gm,
  project: {
    edited: "NAME.wat",
    files: [["NAME.wat", "the program"]],
    ignored: [],
    steps: [],
    problems: placeFirst,
    extensions: ["dtsvet.vscode-wasm"],
  },
  parallelBuilds: 1,
  findSources: (dir) =>
    readdirSync(dir)
      .filter((name) => name.endsWith(".wat"))
      .toSorted(),
  detect: async (dir, file) => {
    const isCommand = /^[^;]*\(export\s+"_start"/m.test(readFileSync(join(dir, file), "utf8"));
    return {
      label: `the ${isCommand ? "program" : "library"} ${relative(process.cwd(), join(dir, file))}`,
      name: basename(file, ".wat"),
      description: undefined,
      build: { language: "wat" },
      isCommand,
    };
  },
  tools: async () => [packageStatus("wat", "wabt")],
};
