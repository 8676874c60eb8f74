import type { Language } from "../language.ts";
import { packageStatus } from "../tool-status.ts";
import { detect, findSources, usualEntry } from "./detect.ts";

/** AssemblyScript: a program is what its entry file imports. */
export const assemblyscript: Language = {
  title: "AssemblyScript",
  about: "Close to TypeScript; npm installs its compiler",
  source: usualEntry,
  sign: usualEntry,
  sources: ["assembly/**/*.ts"],
  comment: /^ *\/\/.*|\/\*[^]*?\*\//gm,
  project: {
    edited: "assembly",
    files: [["assembly/", "the program"]],
    ignored: [],
    steps: [],
    editor: "`assembly/tsconfig.json` gives editors the types of AssemblyScript.",
    problems: [
      { regexp: "^(ERROR|WARNING) ([A-Z]+\\d+): (.*)$", severity: 1, code: 2, message: 3 },
      { regexp: "^ +:$" },
      { regexp: "^ *\\d+ │" },
      { regexp: "^ +│ *[~^]" },
      { regexp: "^ +└─ in (.*)\\((\\d+),(\\d+)\\)$", file: 1, line: 2, column: 3 },
    ],
    extensions: [],
  },
  parallelBuilds: 1,
  findSources,
  detect,
  tools: async () =>
    ["assemblyscript", "@assemblyscript/wasi-shim"].map((name) => packageStatus("assemblyscript", name)),
};
