import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LanguageName } from "@wasi-kit/manifest";
import { compile } from "../soak/guests.ts";
import { root } from "../root.ts";

/** A command that is interrupted, in a folder of its own. */
export interface Scenario {
  name: string;
  /** What it takes the compiler of. */
  language?: LanguageName;
  /** Puts what it needs into its folder. */
  prepare(folder: string): Promise<void>;
  /** Called before each start: gives it something to do. */
  change?(folder: string): void;
  /** What is started there. */
  command: readonly string[];
  /** Its exit codes if nothing interrupts it. */
  exitCode: number;
  /** The module that is there whole or not at all, relative to the folder. */
  module?: string;
  /** Names in TMPDIR that are not ours to clear. */
  ofOthers?: RegExp;
}

const wasiKit = [process.execPath, join(root, "packages/cli/bin/wasi-kit.cjs")];
const runner = join(root, "packages/runner/dist/index.js");
const packages = join(root, "packages/vitest");

/** A folder with the example hello of a language. */
const hello = (language: string) => async (folder: string) => {
  cpSync(join(root, "examples", language, "hello"), folder, {
    recursive: true,
    filter: (path) => !/\/(node_modules|build|target)$/.test(path),
  });
  symlinkSync(join(root, "examples", language, "hello/node_modules"), join(folder, "node_modules"));
};

/** Adds a line to a source, so that there is something to compile. */
const addTo = (source: string, comment: string) => (folder: string) => {
  const path = join(folder, source);
  writeFileSync(path, `${readFileSync(path, "utf8")}${comment} ${Math.random()}\n`);
};

const build = (language: LanguageName, source: string, comment: string): Scenario => ({
  name: `build, ${language}`,
  language,
  prepare: hello(language),
  change: addTo(source, comment),
  command: [...wasiKit, "build"],
  exitCode: 0,
  module: "build/hello.wasm",
});

/** A guest that uses files for half a second, as a run of an example. */
async function restless(folder: string): Promise<void> {
  mkdirSync(join(folder, "granted/dir"), { recursive: true });
  await compile(folder, "restless");
  const run = { preopens: { "/": "granted" }, timeoutMs: 500, exitCode: 124 };
  writeFileSync(
    join(folder, "wasi.json"),
    JSON.stringify({ description: "Uses files", module: "restless.wasm", runs: { first: run, second: run } }),
  );
}

const poolScript = `
  import { createPool } from ${JSON.stringify(runner)};
  const pool = createPool({ size: 2 });
  const options = { timeoutMs: 200, preopens: { "/": { path: "granted", access: "copy-on-write" } } };
  await Promise.all([1, 2, 3, 4].map(() => pool.run("restless.wasm", options)));
  await pool.close();`;

/** What is interrupted. */
export const scenarios: readonly Scenario[] = [
  build("wat", "hello.wat", ";;"),
  build("assemblyscript", "assembly/index.ts", "//"),
  build("rust", "src/main.rs", "//"),
  build("c", "src/main.c", "//"),
  build("go", "main.go", "//"),
  build("zig", "src/main.zig", "//"),
  {
    name: "run",
    prepare: restless,
    command: [...wasiKit, "run", "--timeout", "500", "--dir", "granted::/::cow", "restless.wasm"],
    exitCode: 124,
  },
  { name: "run --all", prepare: restless, command: [...wasiKit, "run", "--all"], exitCode: 0 },
  {
    name: "a pool",
    prepare: restless,
    command: [process.execPath, "--input-type=module", "--eval", poolScript],
    exitCode: 0,
  },
  {
    name: "a test run",
    prepare: hello("wat"),
    change: addTo("hello.wat", ";;"),
    command: [process.execPath, join(packages, "node_modules/vitest/vitest.mjs"), "run"],
    exitCode: 0,
    module: "build/hello.wasm",
    // vitest has a folder there, of 21 random characters, which it removes if it is not interrupted.
    ofOthers: /^[\w-]{21}$/,
  },
];
