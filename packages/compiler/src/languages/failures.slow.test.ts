import { join, relative } from "node:path";
import type { LanguageName } from "@wasi-kit/manifest";
import { expect, test } from "vitest";
import { folderWith } from "../../../manifest/test/helpers/folder.ts";
import { needs } from "../../test/helpers/needs.ts";
import { build } from "../build.ts";
import { languages } from "./index.ts";

/** Zig compiles what it has of its library once a machine. */
const timeout = 300_000;

const crate = '[package]\nname = "hello"\nversion = "0.0.0"\nedition = "2021"\n\n[workspace]\n';
const goMod = "module example.com/hello\n\ngo 1.21\n";

async function failure(language: LanguageName, files: Readonly<Record<string, string>>): Promise<string> {
  const dir = await folderWith(files);
  const source = join(dir, languages[language].source.replace("NAME", "hello"));
  const target = { dir, language, source, module: join(dir, "build/hello.wasm") };
  const error: Error = await build(target).then(
    () => expect.unreachable(),
    (reason) => reason,
  );
  expect(error).toMatchObject({ name: "BuildError", code: "E_COMPILE" });
  return error.message.replaceAll(relative(process.cwd(), source), "SOURCE");
}

/** The places that an editor finds in a message: in lines that follow each other, as the patterns do. */
function placesIn(message: string, language: LanguageName): string[] {
  const patterns = languages[language].project.problems;
  const lines = message.split("\n");
  return lines.flatMap((_, at) => {
    const found = patterns.map(({ regexp }, i) => new RegExp(regexp).exec(lines[at + i] ?? ""));
    if (found.includes(null)) return [];
    const part = (name: "file" | "line" | "column" | "message"): string | undefined => {
      const i = patterns.findIndex((pattern) => pattern[name] !== undefined);
      return found[i]?.[patterns[i]?.[name] as number];
    };
    expect(part("message")).toBeTruthy();
    return [`${part("file")}:${part("line")}:${part("column")}`];
  });
}

test.for<[language: LanguageName, what: string, files: Record<string, string>, message: RegExp, places?: string[]]>([
  [
    "wat",
    "a syntax error",
    { "hello.wat": '(module\n  (func (export "_start")\n    (i32.cons 1)))\n' },
    /^wabt can't compile SOURCE:\nSOURCE:3:6: error: unexpected token "i32\.cons"[^\n]*\n {4}\(i32\.cons 1\)\)\)\n {5}\^/,
    ["SOURCE:3:6"],
  ],
  [
    "wat",
    "a type error",
    { "hello.wat": '(module\n  (func (export "_start")\n    (i32.const 1)))\n' },
    /SOURCE:3:6: error: type mismatch[^\n]*expected \[\] but got \[i32\]\n {4}\(i32\.const 1\)/,
    ["SOURCE:3:6"],
  ],
  [
    "wat",
    "a function that is neither defined nor imported",
    { "hello.wat": '(module\n  (func (export "_start")\n    (call $write)))\n' },
    /SOURCE:3:11: error: undefined function variable "\$write"\n {4}\(call \$write\)[^]*\nDefine \$write, or import it: /,
    ["SOURCE:3:11"],
  ],
  [
    "assemblyscript",
    "a syntax error",
    { "assembly/index.ts": "const x: i32 = ;\n" },
    /^asc can't compile SOURCE:\nERROR TS1109: Expression expected\.\n[^]* 1 │ const x: i32 = ;\n[^]*in assembly\/index\.ts\(1,16\)/,
    ["assembly/index.ts:1:16"],
  ],
  [
    "assemblyscript",
    "a type error",
    { "assembly/index.ts": 'const x: i32 = "text";\nconsole.log(x.toString());\n' },
    /ERROR TS2322: Type '[^']*' is not assignable to type 'i32'\.\n[^]* 1 │ const x: i32 = "text";\n/,
    ["assembly/index.ts:1:16"],
  ],
  [
    "assemblyscript",
    "a missing import",
    { "assembly/index.ts": 'import { open } from "./shop";\nopen();\n' },
    /ERROR TS6054: File 'assembly\/shop\.ts' not found\.\n[^]* 1 │ import { open } from "\.\/shop";\n[^]*\nPut assembly\/shop\.ts there, or name another: /,
    ["assembly/index.ts:1:22"],
  ],
  [
    "rust",
    "a syntax error",
    { "Cargo.toml": crate, "src/main.rs": "fn main() {\n    let x = ;\n}\n" },
    /^cargo can't build SOURCE:\nerror: expected expression, found `;`\n --> src\/main\.rs:2:13\n[^]*2 \| {5}let x = ;\n/,
    ["src/main.rs:2:13"],
  ],
  [
    "rust",
    "a type error",
    { "Cargo.toml": crate, "src/main.rs": 'fn main() {\n    let x: u32 = "text";\n    println!("{x}");\n}\n' },
    /error\[E0308\]: mismatched types\n --> src\/main\.rs:2:18\n[^]*2 \| {5}let x: u32 = "text";\n/,
    ["src/main.rs:2:18"],
  ],
  [
    "rust",
    "a missing import",
    { "Cargo.toml": crate, "src/main.rs": "use shop::open;\n\nfn main() {\n    open();\n}\n" },
    /error\[E0432\]: unresolved import `shop`\n --> src\/main\.rs:1:5\n[^]*1 \| use shop::open;\n/,
    ["src/main.rs:1:5"],
  ],
  [
    "c",
    "a syntax error",
    { "src/main.c": "int main(void) {\n  return 0\n}\n" },
    /^clang can't compile SOURCE:\nsrc\/main\.c:2:11: error: expected ';' after return statement\n {2}return 0\n {10}\^\n/,
    ["src/main.c:2:11"],
  ],
  [
    "c",
    "a type error",
    { "src/main.c": "struct box { int n; };\nint main(void) {\n  struct box b = 3;\n  return b.n;\n}\n" },
    /src\/main\.c:3:14: error: initializing 'struct box' with an expression of incompatible type 'int'\n {2}struct box b = 3;\n/,
    ["src/main.c:3:14"],
  ],
  [
    "c",
    "a missing header",
    { "src/main.c": '#include "shop.h"\nint main(void) { return 0; }\n' },
    /src\/main\.c:1:10: fatal error: 'shop\.h' file not found\n#include "shop\.h"\n[^]*\nPut shop\.h beside the source, or name its folder in compile_flags\.txt: -IFOLDER$/,
    ["src/main.c:1:10"],
  ],
  [
    "c",
    "a function that nothing defines",
    { "src/main.c": "int price(void);\nint main(void) { return price(); }\n" },
    /: error: src\/main\.c: undefined symbol: price\n[^]*\nNothing defines price: put its source beside the others, or name its library in compile_flags\.txt: -lNAME$/,
  ],
  [
    "c",
    "no main",
    { "src/main.c": "int price(void) { return 1; }\n" },
    /\nA program needs a function main\. For a library, write into compile_flags\.txt: -mexec-model=reactor$/,
  ],
  [
    "c",
    "an exception in C++",
    {
      "src/main.c": "int price(void);\nint main(void) { return price(); }",
      "src/price.cpp": 'extern "C" int price() { throw 1; }\n',
    },
    /src\/price\.cpp:1:26: error: cannot use 'throw' with exceptions disabled\n[^]*\nWithout exceptions there is no throw: return an error\./,
    ["src/price.cpp:1:26"],
  ],
  [
    "c",
    "an option that there is not",
    { "src/main.c": "int main(void) { return 0; }\n", "compile_flags.txt": "-Wall\n--no-such-option\n" },
    /error: (?:unsupported|unknown) (?:option|argument):? '--no-such-option'/,
  ],
  [
    "go",
    "a syntax error",
    { "go.mod": goMod, "main.go": "package main\n\nfunc main() {\n\tx := \n}\n" },
    /^go can't build SOURCE:\n# example\.com\/hello\n\.\/main\.go:5:1: syntax error: unexpected }, expected expression\n {2}5 \| }\n {4}\| \^$/,
    ["./main.go:5:1"],
  ],
  [
    "go",
    "a type error",
    { "go.mod": goMod, "main.go": 'package main\n\nfunc main() {\n\tvar n int = "text"\n\tprintln(n)\n}\n' },
    /\.\/main\.go:4:14: cannot use "text"[^\n]*\n {2}4 \| \tvar n int = "text"\n {4}\| \t {12}\^$/,
    ["./main.go:4:14"],
  ],
  [
    "go",
    "a missing import",
    { "go.mod": goMod, "main.go": 'package main\n\nimport "shop"\n\nfunc main() { shop.Open() }\n' },
    /main\.go:3:8: package shop is not in std[^\n]*\n {2}3 \| import "shop"\n {4}\| {8}\^\nA package of your own is imported by its module's path: example\.com\/hello\/name, as go\.mod has it\.$/,
    ["main.go:3:8"],
  ],
  [
    "go",
    "no module",
    { "main.go": "package main\n\nfunc main() {}\n" },
    /\nBegin a module in the folder of wasi\.json: go mod init NAME$/,
  ],
  [
    "go",
    "no main",
    { "go.mod": goMod, "main.go": "package main\n\nfunc start() {}\n" },
    /function main is undeclared in the main package\nA program needs func main\./,
  ],
  [
    "zig",
    "a syntax error",
    { "src/main.zig": "pub fn main() void {\n    const x = ;\n}\n" },
    /^zig can't compile SOURCE:\nsrc\/main\.zig:2:15: error: expected expression, found ';'\n {4}const x = ;\n {14}\^/,
    ["src/main.zig:2:15"],
  ],
  [
    "zig",
    "a type error",
    { "src/main.zig": 'pub fn main() void {\n    const n: u32 = "text";\n    _ = n;\n}\n' },
    /src\/main\.zig:2:20: error: expected type 'u32', found '\*const \[4:0\]u8'\n {4}const n: u32 = "text";\n/,
    ["src/main.zig:2:20"],
  ],
  [
    "zig",
    "a missing file",
    { "src/main.zig": 'const shop = @import("shop.zig");\npub fn main() void {\n    shop.open();\n}\n' },
    /error: unable to (?:load|open)[^\n]*FileNotFound\n[^]*const shop = @import\("shop\.zig"\);\n[^]*\nPut the file there, or name another: @import takes a path from the file that imports\.$/,
    // There is no such place: the compiler means the file.
    ["src/shop.zig:1:1"],
  ],
  [
    "zig",
    "a module that there is not",
    { "src/main.zig": 'const shop = @import("shop");\npub fn main() void {\n    shop.open();\n}\n' },
    /src\/main\.zig:1:22: error: no module named 'shop' available[^]*\nA file of your own is imported by its path, with its ending: @import\("name\.zig"\)\.$/,
    ["src/main.zig:1:22"],
  ],
])(
  "in %s, %s is shown with its place, the code and what to do; an editor finds the place",
  { timeout },
  async ([language, , files, message, places = []], context) => {
    await needs(language, context);
    const said = await failure(language, files);
    expect(said).toMatch(message);
    expect(placesIn(said, language)).toEqual(places);
  },
);
