import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LanguageName } from "@wasi-kit/manifest";

/** The files of a program, and the one with its greeting. */
interface Edited {
  source: string;
  files: Readonly<Record<string, string>>;
}

const programs: Readonly<Record<LanguageName, Edited>> = {
  wat: {
    source: "program.wat",
    files: {
      "program.wat": `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\10\\00\\00\\00\\0e\\00\\00\\00") (data (i32.const 16) "greeting-0000\\n")
  (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`,
    },
  },
  assemblyscript: {
    source: "assembly/index.ts",
    files: { "assembly/index.ts": 'console.log("greeting-0000");\n' },
  },
  rust: {
    source: "src/main.rs",
    files: {
      "Cargo.toml": '[package]\nname = "program"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n',
      "src/main.rs": 'fn main() { println!("greeting-0000") }\n',
    },
  },
  c: {
    source: "src/main.c",
    files: {
      "compile_flags.txt": "--target=wasm32-wasi\n",
      "src/main.c": '#include <stdio.h>\nint main(void) { return puts("greeting-0000") < 0; }\n',
    },
  },
  go: {
    source: "main.go",
    files: {
      "go.mod": "module example.com/program\n\ngo 1.21\n",
      "main.go": 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("greeting-0000") }\n',
    },
  },
  zig: {
    source: "src/main.zig",
    files: {
      "src/main.zig":
        'const std = @import("std");\npub fn main() void {\n    std.debug.print("greeting-0000\\n", .{});\n}\n',
    },
  },
};

/** Makes a program to edit, in a folder of its own. */
export function createEdited(folder: string, language: LanguageName): string {
  const { source, files } = programs[language];
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
    "edited.json": JSON.stringify({ language, source }),
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}
