import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import type { Language } from "@wasi-kit/manifest";

const require = createRequire(import.meta.url);
const wabt = dirname(require.resolve("wabt/package.json"));
const asc = join(dirname(require.resolve("assemblyscript/package.json")), "bin/asc.js");
const shim = require.resolve("@assemblyscript/wasi-shim/asconfig.json");

/** Where a program's text is, its files, and the command that its compiler is started with alone. */
interface Edited {
  source: string;
  files: Readonly<Record<string, string>>;
  command(dir: string): string[];
}

const programs: Readonly<Record<Language, Edited>> = {
  wat: {
    source: "program.wat",
    files: {
      "program.wat": `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\10\\00\\00\\00\\0e\\00\\00\\00") (data (i32.const 16) "greeting-0000\\n")
  (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`,
    },
    command: () => [process.execPath, join(wabt, "bin/wat2wasm"), "program.wat", "-o", "program.wasm"],
  },
  assemblyscript: {
    source: "assembly/index.ts",
    files: { "assembly/index.ts": 'console.log("greeting-0000");\n' },
    command: (dir) => [
      process.execPath,
      asc,
      "assembly/index.ts",
      "--outFile=program.wasm",
      "--config=none",
      "--optimizeLevel=3",
      "--shrinkLevel=2",
      "--converge",
      `--lib=${relative(dir, join(dirname(shim), "assembly"))}`,
      `--path=${relative(dir, join(dirname(shim), "../.."))}`,
      ...(require(shim) as { options: { use: string[] } }).options.use.map((use) => `--use=${use}`),
      "--exportStart=_start",
    ],
  },
  rust: {
    source: "src/main.rs",
    files: {
      "Cargo.toml": '[package]\nname = "program"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n',
      "src/main.rs": 'fn main() { println!("greeting-0000") }\n',
    },
    command: () => ["cargo", "build", "--release", "--quiet", "--target", "wasm32-wasip1"],
  },
};

/** Makes a program to edit, in a folder of its own. */
export function createEdited(folder: string, language: Language): string {
  const { source, files, command } = programs[language];
  const dir = join(folder, `edited-${language}`);
  const manifest = {
    description: "Greets",
    build: { language },
    module: "build/program.wasm",
    runs: { default: {} },
  };
  const all = {
    ...files,
    "wasi.json": JSON.stringify(manifest),
    "edited.json": JSON.stringify({ source, command: command(dir) }),
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}
