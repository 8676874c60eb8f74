import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { formatFrame, run } from "@wasi-kit/runner";
import { x } from "tinyexec";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { LanguageName } from "@wasi-kit/manifest";
import { needs } from "../../compiler/test/helpers/needs.ts";
import { bin, makeFolder, manifest, remove, wasiKit } from "./helpers/command.ts";

/** A program that traps a few calls deep; its module is called hello.wasm. */
interface Program {
  /** Default: in the language that it is named after. */
  build?: { language: LanguageName; source: string };
  files: Readonly<Record<string, string>>;
  /** The frames of the sources above, innermost first: a function, a file, and the text at the place where it trapped. */
  frames: readonly (readonly [name: string, file: string, at: string])[];
}

const programs: Readonly<Record<string, Program>> = {
  wat: {
    files: {
      "hello.wat": `(module
  (memory (export "memory") 1)
  (func $divide (param $by i32) (result i32)
    (i32.div_s
      (i32.const 7)
      (local.get $by)))
  (func $sometimes (param $n i32)
    local.get $n
    i32.const 3
    i32.add
    if
      (drop (;here;) (call $divide (i32.const 0)))
    end)
  (func (export "_start") (local $i i32)
    (loop $again (call $sometimes (local.get $i)) (br $again))))`,
    },
    frames: [
      ["divide", "hello.wat", "i32.div_s"],
      ["sometimes", "hello.wat", "call $divide"],
      ["wasm-function[2]", "hello.wat", "call $sometimes"],
    ],
  },
  assemblyscript: {
    files: {
      "assembly/index.ts": `import { half } from "./half";

function sum(n: i32): i32 {
  let all = half(n + 1);
  all += half(n);
  return all;
}

process.exit(
  sum(process.argv.length + 1) + sum(process.argv.length),
);
`,
      "assembly/half.ts": `export function half(n: i32): i32 {
  if (n % 2 != 0) unreachable();
  return n / 2;
}
`,
    },
    frames: [
      ["assembly/half/half", "assembly/half.ts", "unreachable()"],
      ["assembly/index/sum", "assembly/index.ts", "half(n + 1)"],
    ],
  },
  rust: {
    files: {
      "Cargo.toml": `[package]
name = "hello"
version = "0.0.0"
edition = "2021"
[profile.release]
strip = true
lto = true
panic = "abort"
[workspace]
`,
      "src/main.rs": `mod list;

struct Numbers(Vec<u8>);

impl Numbers {
    #[inline(never)]
    fn pick<T: Into<usize>>(&self, n: T) -> u8 {
        list::nth(&self.0, n.into())
    }
}

fn main() {
    let n = std::env::args().count();
    let numbers = Numbers(vec![1, 2, 3]);
    println!("{}", Numbers::pick(&numbers, n + 7));
}
`,
      "src/list.rs": `#[inline(never)]
pub fn nth(list: &[u8], n: usize) -> u8 {
    list[n]
}
`,
    },
    frames: [
      ["hello::list::nth", "src/list.rs", "list[n]"],
      ["hello::Numbers::pick", "src/main.rs", "list::nth"],
      ["hello::main", "src/main.rs", "Numbers::pick"],
    ],
  },
  "c++": {
    build: { language: "c", source: "src/main.cpp" },
    files: {
      "src/main.cpp": `#include "shop.hpp"

namespace {
template <typename T> __attribute__((noinline)) T twice(shop::Basket &basket, T n) {
  return basket.price(n) * 2;
}
}

int main(int argc, char **) {
  shop::Basket basket;
  return twice<int>(basket, argc - 1);
}
`,
      "src/shop.hpp": "namespace shop {\nstruct Basket {\n  int price(int n);\n};\n}\n",
      "src/shop.cpp": `#include "shop.hpp"

int shop::Basket::price(int n) {
  if (n == 0) __builtin_trap();
  return n;
}
`,
    },
    frames: [
      ["shop::Basket::price(int)", "src/shop.cpp", "__builtin_trap()"],
      ["int (anonymous namespace)::twice<int>(shop::Basket&, int)", "src/main.cpp", "price(n) * 2"],
      ["main", "src/main.cpp", "twice<int>(basket"],
    ],
  },
  zig: {
    files: {
      "src/main.zig": `const std = @import("std");

const Basket = struct {
    noinline fn price(self: *const Basket, n: usize) usize {
        _ = self;
        if (n == 1) @trap();
        return n;
    }
};

noinline fn twice(comptime T: type, basket: *const Basket, n: T) T {
    return basket.price(n) * 2;
}

pub fn main() void {
    const basket = Basket{};
    var n: usize = 0;
    var size: usize = 0;
    _ = std.os.wasi.args_sizes_get(&n, &size);
    std.debug.print("{d}\\n", .{twice(usize, &basket, n)});
}
`,
    },
    frames: [
      ["main.Basket.price", "src/main.zig", "@trap()"],
      ["main.twice", "src/main.zig", "(n) * 2"],
      ["main.main", "src/main.zig", "(usize, &basket"],
    ],
  },
};

let cwd: string;

beforeAll(async () => {
  const files = Object.entries(programs).flatMap(([language, program]) => [
    [`${language}/wasi.json`, manifest({ build: program.build ?? { language } })],
    ...Object.entries(program.files).map(([path, text]) => [`${language}/${path}`, text]),
  ]);
  cwd = await makeFolder(Object.fromEntries(files) as Record<string, string>);
});
afterAll(() => remove(cwd));

/** Where a section of a module begins, where its content does, and where it ends. */
interface Section {
  start: number;
  content: number;
  end: number;
}

/** The sections of a module by their names, if they are custom, or numbers. */
function sectionsOf(module: Buffer): Map<string | number, Section> {
  const sections = new Map<string | number, Section>();
  let at = 8;
  const leb128 = (): number => {
    const byte = module[at++]!;
    return byte < 0x80 ? byte : (byte & 0x7f) + 0x80 * leb128();
  };
  while (at < module.length) {
    const start = at;
    const id = module[at++]!;
    const end = leb128() + at;
    const content = id === 0 ? at + 1 + module[at]! : at;
    sections.set(id === 0 ? module.toString("utf8", at + 1, content) : id, { start, content, end });
    at = end;
  }
  return sections;
}

function codeOf(module: Buffer): string {
  const { content, end } = sectionsOf(module).get(10)!;
  return module.toString("latin1", content, end);
}

const built = (language: string): Promise<Buffer> => readFile(join(cwd, language, "hello.wasm"));

/** The lines that `wasi-kit run` prints for frames. */
async function frames(language: string, where = cwd): Promise<string[]> {
  const { exitCode, stderr } = await wasiKit(["run", join(cwd, language, "hello.wasm")], { cwd: where });
  expect(exitCode).toBe(134);
  return stderr.split("\n").filter((line) => line.startsWith("  at "));
}

/** The languages whose compilers name a source from the folder of its program, wherever that is. */
const areFromItsFolder = new Set(["rust", "c++"]);

/** Without the frames of a language's own library, which differ from one version to another. */
const withoutLibrary = (lines: readonly string[]): string[] =>
  lines.filter((line) => /\((?:\w+\/)?(?:src|assembly)\/|\.wat:/.test(line));

/** Zig compiles what it has of its library once a machine. */
const timeout = 300_000;

const release = new Map<string, Buffer>();

describe.each(Object.keys(programs))("%s", (language) => {
  const { files, frames: expected, build = { language: language as LanguageName } } = programs[language]!;

  /** `  at name (file:line:column)`, the place looked up in the text of the file. */
  const lines = (below = ""): string[] =>
    expected.map(([name, file, at]) => {
      const text = files[file]!;
      const before = text.slice(0, text.indexOf(at)).split("\n");
      return `  at ${name} (${below}${file}:${before.length}:${before.at(-1)!.length + 1})`;
    });

  test("a module is built without debug information", { timeout }, async (context) => {
    await needs(build.language, context);
    await expect(wasiKit(["build", language], { cwd })).resolves.toMatchObject({ exitCode: 0 });
    const module = await built(language);
    release.set(language, module);
    const told = await frames(language);
    expect(told.length).toBeGreaterThanOrEqual(expected.length);
    for (const line of told) expect(line).toMatch(/^  at (?:\S+ \()?wasm-function\[\d+\]:0x[0-9a-f]+\)?$/);
    const names = [...sectionsOf(module).keys()].filter((name) => typeof name === "string");
    expect(names.filter((name) => /^\.debug|sourceMap/.test(name))).toEqual([]);
  });

  test("with --debug, a trap names the functions, files and lines that led to it", { timeout }, async (context) => {
    await needs(build.language, context);
    await expect(wasiKit(["build", "--debug", language], { cwd })).resolves.toMatchObject({ exitCode: 0 });
    expect(withoutLibrary(await frames(language))).toEqual(lines(areFromItsFolder.has(language) ? "" : `${language}/`));
    expect(withoutLibrary(await frames(language, join(cwd, language)))).toEqual(lines());
  });

  // Zig names its sources by their whole paths, and keeps more than names.
  test.runIf(language !== "zig")(
    "a debug build is one file, and what runs in it is the same",
    { timeout },
    async (context) => {
      await needs(build.language, context);
      const moved = await makeFolder({ "hello.wasm": await built(language) });
      onTestFinished(() => remove(moved));
      const { trap } = await run(join(moved, "hello.wasm"));
      expect(withoutLibrary(trap!.frames.map((frame) => `  at ${formatFrame(frame)}`))).toEqual(lines());
      const code = codeOf(await built(language));
      // For the source map of a text, the size of a function takes up five bytes.
      const shortened = code.replaceAll(/([\x80-\xff])\x80{3}\0/g, (_, size: string) =>
        String.fromCharCode(size.charCodeAt(0) & 0x7f),
      );
      expect(language === "wat" ? shortened : code).toBe(codeOf(release.get(language)!));
    },
  );
});

test("cargo does not take the one for the other", async () => {
  await wasiKit(["build", "rust"], { cwd });
  expect((await built("rust")).equals(release.get("rust")!)).toBe(true);
});

test("a trap in a folder that is gone is told all the same", async () => {
  await wasiKit(["build", "--debug", "rust"], { cwd });
  const gone = await makeFolder({});
  // The crate's own paths are relative already; the library's are not.
  const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
  const command = [process.execPath, bin, "run", join(cwd, "rust/hello.wasm")];
  const { exitCode, stderr } = await x("sh", ["-c", script, "sh", gone, ...command]);
  expect(exitCode).toBe(134);
  expect(stderr).toMatch(/^ {2}at /m);
});

/** How many frames of a trap have a place. */
async function placesIn(module: Uint8Array): Promise<number> {
  const { trap } = await run(module);
  return trap!.frames.filter(({ source }) => source).length;
}

describe("a line table that is not what it should be does not make a run fail", () => {
  let module: Buffer;
  let table: Section;
  beforeAll(async () => {
    await wasiKit(["build", "--debug", "rust"], { cwd });
    module = await built("rust");
    table = sectionsOf(module).get(".debug_line")!;
  });

  // The same numbers in every run: a linear congruential generator.
  let random = 1;
  const below = (limit: number): number => (random = (random * 48_271) % 0x7fff_ffff) % limit;

  test("bytes that were changed, in the header of the first unit and anywhere", async () => {
    const places: number[] = [];
    for (let i = 0; i < 60; i++) {
      const changed = Buffer.from(module);
      for (let j = 0; j < 8; j++) changed[table.content + below(j < 2 ? 40 : table.end - table.content)] = below(0x100);
      places.push(await placesIn(changed));
    }
    // Most units are left as they were.
    expect(Math.max(...places)).toBeGreaterThan(3);
  });

  test("a table that was cut", async () => {
    const places: number[] = [];
    for (let i = 0; i < 40; i++) {
      const size = below(table.end - table.content);
      const inside = Buffer.concat([Buffer.from("\x0b.debug_line"), module.subarray(table.content).subarray(0, size)]);
      const leb128 = [(inside.length & 0x7f) | 0x80, ((inside.length >> 7) & 0x7f) | 0x80, inside.length >> 14];
      places.push(await placesIn(Buffer.concat([module.subarray(0, table.start), Buffer.of(0, ...leb128), inside])));
    }
    // What is left of it is still read.
    expect(Math.max(...places)).toBeGreaterThan(Math.min(...places));
  });
});
