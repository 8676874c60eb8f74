import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { LanguageName } from "@wasi-kit/manifest";
import { afterEach, expect, test, vi } from "vitest";
import type { TestContext } from "vitest";
import { build } from "../build.ts";
import type { BuildTarget } from "../build-options.ts";
import { isCurrent } from "./build-record.ts";
import { folderWith } from "../../../manifest/test/helpers/folder.ts";
import { needs } from "../../test/helpers/needs.ts";

afterEach(() => vi.unstubAllEnvs());

const shim = createRequire(import.meta.url).resolve("@assemblyscript/wasi-shim/asconfig.json");
const wat = '(module (func (export "_start")))';
const crate = '[package]\nname = "program"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n';

/** A program in each language, with a file that its source includes where the language can. */
const programs: Readonly<Record<LanguageName, { source: string; files: Record<string, string> }>> = {
  wat: { source: "program.wat", files: { "program.wat": wat } },
  assemblyscript: {
    source: "assembly/index.ts",
    files: {
      "assembly/index.ts": 'import { text } from "./text";\nconsole.log(text);',
      "assembly/text.ts": 'export const text = "hello";',
    },
  },
  rust: {
    source: "Cargo.toml",
    files: {
      "Cargo.toml": crate,
      "src/main.rs": 'mod text;\nfn main() { println!("{} {}", text::TEXT, option_env!("GREETING").unwrap_or("")) }',
      "src/text.rs": 'pub const TEXT: &str = include_str!("../text.txt");',
      "text.txt": "hello",
    },
  },
  c: {
    source: "src/main.c",
    files: {
      "src/main.c": '#include <stdio.h>\n#include "text.h"\nint main(void) { return puts(TEXT) < 0; }\n',
      "src/text.h": "#define TEXT text\nextern const char text[];\n",
      "src/text.c": '#include "text.h"\nconst char text[] = "hello";\n',
    },
  },
  go: {
    source: "main.go",
    files: {
      "go.mod": "module example.com/program\n\ngo 1.21\n",
      "main.go":
        'package main\n\nimport (\n\t_ "embed"\n\n\t"example.com/program/text"\n)\n\n//go:embed text.tmpl\nvar more string\n\nfunc main() { println(text.Text, more) }\n',
      "text/text.go": 'package text\n\nconst Text = "hello"\n',
      "text.tmpl": "hello",
    },
  },
  zig: {
    source: "src/main.zig",
    files: {
      "src/main.zig":
        'const std = @import("std");\npub fn main() void {\n    std.debug.print("{s}", .{@import("text.zig").text});\n}\n',
      "src/text.zig": 'pub const text = @embedFile("text.txt");\n',
      "src/text.txt": "hello",
    },
  },
};

type Target = BuildTarget & { language: LanguageName };
type Change = (target: Target) => Target | void;

const write =
  (path: string, text: string): Change =>
  ({ dir }) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
const append =
  (path: string, text: string): Change =>
  ({ dir }) =>
    appendFileSync(join(dir, path), text);
const setVariable =
  (name: string, value: string): Change =>
  () =>
    void vi.stubEnv(name, value);
/** As if the module had been built by what this machine has not. */
const builtWith =
  (tool: string, version: string): Change =>
  ({ module }) => {
    const path = join(dirname(module), ".program.wasm.json");
    const record = JSON.parse(readFileSync(path, "utf8")) as { tools: Record<string, string> };
    expect(record.tools).toHaveProperty([tool]);
    record.tools[tool] = version;
    writeFileSync(path, JSON.stringify(record));
  };

/** For every language. */
const ofAll: Readonly<Record<string, Change>> = {
  "the module is deleted": ({ module }) => rmSync(module),
  "the module is edited": ({ module }) => appendFileSync(module, "\0"),
  "names, files and lines are to be kept": (target) => ({ ...target, debug: true }),
  "the record is spoiled": ({ module }) => writeFileSync(join(dirname(module), ".program.wasm.json"), "{"),
};

/** What makes a build. */
const changes: Readonly<Record<LanguageName, Record<string, Change>>> = {
  wat: {
    "the source is edited": append("program.wat", ";; more"),
    "another source is named": (target) => {
      write("other.wat", wat)(target);
      return { ...target, source: join(target.dir, "other.wat") };
    },
    "another version of wabt built it": builtWith("wabt", "0.0.1"),
  },
  assemblyscript: {
    "the source is edited": append("assembly/index.ts", "// more"),
    "what it imports is edited": append("assembly/text.ts", "// more"),
    "an asconfig.json comes": write("asconfig.json", JSON.stringify({ extends: shim })),
    "another version of asc built it": builtWith("assemblyscript", "0.0.1"),
    "another version of the shim built it": builtWith("@assemblyscript/wasi-shim", "0.0.1"),
  },
  rust: {
    "the source is edited": append("src/main.rs", "// more"),
    "a module of it is edited": append("src/text.rs", "// more"),
    "what it includes is edited": append("text.txt", " more"),
    "a module is added to it": (target) => {
      write("src/more.rs", "")(target);
      append("src/main.rs", "mod more;")(target);
    },
    "Cargo.toml is edited": append("Cargo.toml", "[profile.release]\nopt-level = 1\n"),
    "a .cargo/config.toml comes": write(".cargo/config.toml", "[build]\njobs = 1\n"),
    "RUSTFLAGS is set": setVariable("RUSTFLAGS", "-C opt-level=1"),
    "a variable that it asks for is set": setVariable("GREETING", "you"),
    "another rustc built it": builtWith("rustc and cargo", "rustc 1.0.0"),
    "another target was built for": builtWith("target for WASI", "wasm32-wasi"),
  },
  c: {
    "the source is edited": append("src/main.c", "// more"),
    "a source beside it is edited": append("src/text.c", "// more"),
    "what it includes is edited": append("src/text.h", "// more"),
    "a source comes beside it": write("src/more.c", ""),
    "a compile_flags.txt comes": write("compile_flags.txt", "-O2\n"),
    "CPATH is set": setVariable("CPATH", "/nowhere"),
    "another library was linked": builtWith("library for WASI", "another"),
  },
  go: {
    "the source is edited": append("main.go", "// more"),
    "a package of it is edited": append("text/text.go", "// more"),
    "what it embeds is edited": append("text.tmpl", " more"),
    "another comes that it may embed": write("more.tmpl", ""),
    "a file of its package comes": write("more.go", "package main\n"),
    "a file of its packages comes": write("text/more.go", "package text\n"),
    "go.mod is edited": append("go.mod", "// more\n"),
    "a go.work comes": write("go.work", "go 1.21\n\nuse .\n"),
    "GOFLAGS is set": setVariable("GOFLAGS", "-tags=more"),
    "another Go built it": builtWith("go", "1.21.0"),
  },
  zig: {
    "the source is edited": append("src/main.zig", "// more\n"),
    "what it imports is edited": append("src/text.zig", "// more\n"),
    "what it embeds is edited": append("src/text.txt", " more"),
    "another Zig built it": builtWith("zig", "0.14.0"),
  },
};

/** What makes none. */
const trifles: Readonly<Record<string, Change>> = {
  nothing: () => {},
  "a source is only touched": ({ dir, language }) => {
    for (const path of Object.keys(programs[language].files)) utimesSync(join(dir, path), 1e9, 1e9);
  },
  "a file comes that nothing reads": write("notes.txt", "To do"),
  "a folder comes beside the sources": write("docs/page.md", "# Page"),
  "a variable changes that nothing asks for": setVariable("NOBODY_ASKS", "1"),
  "it is named by how it was built": (target) => ({ ...target, debug: false }),
};

/** Go and Zig compile what they have of their libraries once a machine. */
const timeout = 300_000;

const languages = Object.keys(programs) as LanguageName[];

async function built(language: LanguageName, context: Pick<TestContext, "skip">): Promise<Target> {
  await needs(language, context);
  const { source, files } = programs[language];
  const dir = await folderWith(files);
  const target = { dir, language, source: join(dir, source), module: join(dir, "build/program.wasm") };
  await expect(build(target)).resolves.toMatchObject({ wasCurrent: false });
  return target;
}

test.for(
  languages.flatMap((language) =>
    Object.entries({ ...ofAll, ...changes[language] }).map(([what, change]) => ({ language, what, change })),
  ),
)("$language is built again after this: $what", { timeout }, async ({ language, change }, context) => {
  const target = await built(language, context);
  const changed = change(target) ?? target;
  await expect(isCurrent(changed)).resolves.toBe(false);
  await expect(build(changed)).resolves.toMatchObject({ wasCurrent: false });
  await expect(build(changed)).resolves.toMatchObject({ wasCurrent: true });
});

test.for(languages)("%s is not built again for what does not matter", { timeout }, async (language, context) => {
  const target = await built(language, context);
  const builds: string[] = [];
  for (const [what, change] of Object.entries(trifles)) {
    const { wasCurrent } = await build(change(target) ?? target);
    if (!wasCurrent) builds.push(what);
  }
  expect(builds).toEqual([]);
  await expect(build({ ...target, force: true })).resolves.toMatchObject({ wasCurrent: false });
});

test("a build that fails leaves no module, and the next one is right", async (context) => {
  const target = await built("wat", context);
  const source = join(target.dir, "program.wat");
  writeFileSync(source, "(module");
  await expect(build(target)).rejects.toMatchObject({ code: "E_COMPILE" });
  expect(existsSync(target.module)).toBe(false);
  await expect(isCurrent(target)).resolves.toBe(false);
  writeFileSync(source, wat);
  await expect(isCurrent(target)).resolves.toBe(false);
  await expect(build(target)).resolves.toMatchObject({ wasCurrent: false });
});

test("where debug is not said, a module stays as it is in that", async (context) => {
  const target = await built("wat", context);
  await build({ ...target, debug: true });
  await expect(build(target)).resolves.toMatchObject({ wasCurrent: true });
  append("program.wat", ";; more")(target);
  const before = readFileSync(target.module).length;
  await build(target);
  // The source map inside it has the new source's lines, and is there still.
  expect(readFileSync(target.module).length).toBeGreaterThanOrEqual(before);
  await expect(build({ ...target, debug: false })).resolves.toMatchObject({ wasCurrent: false });
});

test("a crate with a build script is left to cargo, which knows what that reads", async (context) => {
  const target = await built("rust", context);
  write("build.rs", "fn main() {}")(target);
  for (let i = 0; i < 2; i++) await expect(build(target)).resolves.toMatchObject({ wasCurrent: false });
});

test("what changes while cargo builds counts as changed", async (context) => {
  const target = await built("rust", context);
  // In the future: it is newer than the start of any build.
  const later = Date.now() / 1000 + 3600;
  append("text.txt", " more")(target);
  utimesSync(join(target.dir, "text.txt"), later, later);
  for (let i = 0; i < 2; i++) await expect(build(target)).resolves.toMatchObject({ wasCurrent: false });
});
