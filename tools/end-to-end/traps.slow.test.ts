import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { LanguageName } from "@wasi-kit/manifest";
import { x } from "tinyexec";
import { expect, onTestFinished, test } from "vitest";
import { needs } from "../../packages/compiler/test/helpers/needs.ts";
import { root } from "../root.ts";
import { literal } from "./literal.ts";

const wasiKit = join(root, "packages/cli/bin/wasi-kit.cjs");

/** A program that traps in a function of its own, and the lines that lead there. */
interface Trap {
  language: LanguageName;
  /** The first is where it traps. */
  files: Readonly<Record<string, string>>;
  /** If it is not the language's own. */
  source?: string;
  exitCode: number;
  /** What is shown: the names as they are in the source. */
  frames: readonly (string | RegExp)[];
}

const unreachable = "wasi-kit: build/hello.wasm trapped: unreachable\n";

const traps: Readonly<Record<string, Trap>> = {
  WAT: {
    language: "wat",
    files: {
      "hello.wat": '(module\n  (func $price\n    unreachable)\n  (func (export "_start")\n    (call $price)))\n',
    },
    exitCode: 134,
    frames: [unreachable, "  at price (hello.wat:3:5)\n", /^ {2}at .*\(hello\.wat:5:6\)$/m],
  },
  AssemblyScript: {
    language: "assemblyscript",
    files: {
      // It calls itself, or it would be put into its caller.
      "assembly/index.ts":
        "function price(n: i32): i32 {\n  if (n == 0) unreachable();\n  return price(n - 1) + n;\n}\nconsole.log(price(process.argv.length).toString());\n",
    },
    exitCode: 134,
    frames: [
      unreachable,
      /^ {2}at assembly\/index\/price \(assembly\/index\.ts:2:15\)$/m,
      "(assembly/index.ts:3:10)\n",
    ],
  },
  Rust: {
    language: "rust",
    files: {
      "src/main.rs":
        'mod shop {\n    #[inline(never)]\n    pub fn price(n: usize) -> usize {\n        [1, 2, 3][n + 5]\n    }\n}\n\nfn main() {\n    println!("{}", shop::price(std::env::args().count()));\n}\n',
      "Cargo.toml":
        '[package]\nname = "hello"\nversion = "0.0.0"\nedition = "2021"\n\n[workspace]\n\n[profile.release]\npanic = "abort"\n',
    },
    exitCode: 134,
    frames: ["index out of bounds", "  at hello::shop::price (src/main.rs:4:9)\n", "  at hello::main (src/main.rs:9:"],
  },
  C: {
    language: "c",
    files: {
      "src/main.c":
        '#include <stdio.h>\n__attribute__((noinline)) static int price(int n) {\n  if (n > 0) __builtin_trap();\n  return n;\n}\nint main(int argc, char **argv) {\n  (void)argv;\n  printf("%d\\n", price(argc));\n  return 0;\n}\n',
    },
    exitCode: 134,
    frames: [unreachable, "  at price (src/main.c:3:14)\n", /^ {2}at main \(src\/main\.c:8:\d+\)$/m],
  },
  "C++": {
    language: "c",
    source: "src/main.cpp",
    files: {
      "src/main.cpp":
        '#include <stdio.h>\nnamespace shop {\ntemplate <typename T> struct Basket {\n  __attribute__((noinline)) T price(T n) {\n    if (n > 0) __builtin_trap();\n    return n;\n  }\n};\n} // namespace shop\nint main(int argc, char **) {\n  shop::Basket<int> basket;\n  printf("%d\\n", basket.price(argc));\n}\n',
    },
    exitCode: 134,
    frames: [unreachable, "  at shop::Basket<int>::price(int) (src/main.cpp:5:16)\n", "  at main (src/main.cpp:12:"],
  },
  // Its runtime turns traps into panics, and shows the frames itself.
  Go: {
    language: "go",
    files: {
      "main.go":
        'package main\n\nimport "os"\n\ntype basket struct{ prices []int }\n\n//go:noinline\nfunc (b *basket) price(n int) int {\n\treturn b.prices[n]\n}\n\nfunc main() {\n\tprintln((&basket{}).price(len(os.Args)))\n}\n',
      "go.mod": "module example.com/hello\n\ngo 1.21\n",
    },
    exitCode: 2,
    frames: [
      "index out of range [1] with length 0",
      /main\.\(\*basket\)\.price\(.*\)\n\t.*main\.go:9 /,
      /main\.main\(\)\n\t.*main\.go:13 /,
    ],
  },
  Zig: {
    language: "zig",
    files: {
      "src/main.zig":
        'const std = @import("std");\n\nconst Basket = struct {\n    prices: []const u32,\n\n    noinline fn price(self: Basket, n: usize) u32 {\n        if (n > 0) @trap();\n        return self.prices[n];\n    }\n};\n\nvar one: usize = 1;\n\npub fn main() void {\n    const basket: Basket = .{ .prices = &.{} };\n    std.debug.print("{d}\\n", .{basket.price(@as(*volatile usize, &one).*)});\n}\n',
    },
    exitCode: 134,
    frames: [
      unreachable,
      /^ {2}at (main\.)?Basket\.price \(src\/main\.zig:7:20\)$/m,
      /^ {2}at .*\(src\/main\.zig:16:\d+\)$/m,
    ],
  },
};

test.for(Object.entries(traps))(
  "a trap in %s is shown where it is in the source, by the names there",
  { timeout: 300_000 },
  async ([, { language, files, source, exitCode, frames }], context) => {
    await needs(language, context);
    const cwd = mkdtempSync(join(tmpdir(), "wasi-kit-traps-"));
    onTestFinished(() => rmSync(cwd, { recursive: true }));
    const manifest = {
      description: "Traps",
      build: { language, ...(source && { source }) },
      module: "build/hello.wasm",
      runs: { default: {} },
    };
    for (const [path, text] of Object.entries({ ...files, "wasi.json": JSON.stringify(manifest) })) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    await x(process.execPath, [wasiKit, "build", "--debug"], { throwOnError: true, nodeOptions: { cwd } });
    const run = await x(process.execPath, [wasiKit, "run", "--no-build"], { nodeOptions: { cwd } });
    expect(run.exitCode).toBe(exitCode);
    for (const frame of frames) expect(run.stderr).toMatch(frame instanceof RegExp ? frame : literal(frame));
    const [path = ""] = Object.keys(files);
    expect(run.stderr).toContain(path);
  },
);
