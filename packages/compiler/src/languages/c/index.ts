import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join, relative } from "node:path";
import { env } from "node:process";
import { hashOf } from "../../record/inputs.ts";
import type { Language } from "../language.ts";
import { placeFirst } from "../problem-patterns.ts";

/** Where a program's source usually is. */
const usualSources = ["src/main.c", "src/main.cpp", "src/main.cc", "main.c", "main.cpp", "main.cc"];

/** The variables that decide what clang reads, and which clang. */
const variables = ["WASI_SDK_PATH", "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH"];

/** C and C++: a program is a source with `main`, and the sources beside it. */
export const c: Language = {
  title: "C",
  about: "C and C++, with wasi-libc; needs clang or Zig",
  source: "src/main.c",
  sign: "src/main.c",
  sources: ["src/*.{c,h,cc,cpp,hpp}"],
  comment: /^ *\/\/.*|\/\*[^]*?\*\//gm,
  project: {
    edited: "src",
    files: [
      ["src/", "the program"],
      ["compile_flags.txt", "the compiler's options, a line each: clangd reads them, too"],
    ],
    ignored: [".cache/"],
    needs: "C needs a compiler and a C library for WASI",
    steps: ["run: sudo apt-get install --yes --no-install-recommends clang lld wasi-libc libclang-rt-dev-wasm32"],
    editor: "`compile_flags.txt` has clangd see what the compiler sees.",
    problems: placeFirst,
    extensions: ["llvm-vs-code-extensions.vscode-clangd", "ms-vscode.wasm-dwarf-debugging"],
  },
  parallelBuilds: availableParallelism(),
  findSources: (dir) => usualSources.filter((path) => existsSync(join(dir, path))).slice(0, 1),
  detect: async (dir, source) => {
    const { isReactor, readFlags } = await import("./flags.ts");
    const isLibrary = isReactor(readFlags(dir));
    return {
      label: `the ${isLibrary ? "library" : "program"} ${relative(process.cwd(), join(dir, source))}`,
      name: basename(dir) || "program",
      description: undefined,
      build: { language: "c", ...(source === usualSources[0] ? {} : { source }) },
      isCommand: !isLibrary,
    };
  },
  tools: async (dir) => (await import("./ensure-c.ts")).cTools(dir),
  installTools: async (options) => (await import("./ensure-c.ts")).ensureC(options),
  environment: () => ({ variables: hashOf(JSON.stringify(variables.map((name) => env[name] ?? null))) }),
};
