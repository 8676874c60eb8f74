import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { build, languages } from "@wasi-kit/compiler";
import { findPrograms, languageOf } from "@wasi-kit/manifest";
import type { LanguageName } from "@wasi-kit/manifest";
import { compilerFolders } from "../compilers.ts";
import { root } from "../root.ts";
import { assemble, imports } from "../wat.ts";
import { calls, compileCalls, createForest, createSandbox } from "./calls.ts";
import type { Comparison, Contender } from "./comparison.ts";
import { createEdited } from "./edited.ts";

/** What is compared, by the name under which it can be asked for alone. */
export const comparisons: Readonly<Record<string, (folder: string) => Promise<Comparison[]>>> = {
  process: wholeProcess,
  calls: manyCalls,
  imports: hostFunctions,
  base: sharedBase,
  walk: walks,
  trace: traces,
  pool: manyRuns,
  trap: traps,
  loop: inProcess,
  build: builds,
  dev: edits,
  test: tests,
};

const contender = (name: string): string => join(root, "tools/bench/contenders", name);
const example = (name: string): string => join(root, "examples", name);
const moduleOf = (name: string): string => join(example(name), "build", `${name.split("/")[1]}.wasm`);
const command = join(root, "packages/cli/bin/wasi-kit.cjs");

/** Node.js with arguments, without the warning that node:wasi is experimental. */
const node = (...args: string[]): Contender => ({ command: process.execPath, args: ["--no-warnings", ...args] });
const intoNothing = (it: Contender): Contender => ({ ...it, stdout: "/dev/null" });

/** One module in each language. */
const hellos = ["wat/hello", "assemblyscript/hello", "rust/hello"];

async function wholeProcess(): Promise<Comparison[]> {
  const module = moduleOf("wat/hello");
  const others = Object.fromEntries(
    ["wasmtime", "wazero"].filter(isOnPath).map((name) => [name, { command: name, args: ["run", module] }]),
  );
  return [
    {
      name: "hello world in WAT, whole process",
      rounds: 40,
      contenders: {
        "the article's script": intoNothing(node(contender("article.cjs"), module)),
        "wasi-kit run MODULE": { ...intoNothing(node(command, "run", module)), bound: 1.1 },
        "wasi-kit run DIR": intoNothing(node(command, "run", example("wat/hello"))),
        ...others,
      },
    },
  ];
}

/** A guest in a process of its own, which prints how long it took. */
const guest = (host: string, ...args: string[]): Contender => ({
  ...node(join(root, "tools/dist/bench/contenders/guest.js"), host, ...args),
  runs: 1,
});

async function manyCalls(folder: string): Promise<Comparison[]> {
  const sandbox = createSandbox(folder);
  const output = join(folder, "output");
  return Promise.all(
    calls.map(async (it, i): Promise<Comparison> => {
      const module = await compileCalls(it, folder, `calls-${i}`);
      const args = [module, output, sandbox];
      return {
        name: `${it.times.toLocaleString("en")} × ${it.name}`,
        rounds: 5,
        contenders: {
          "node:wasi": guest("node:wasi", ...args),
          "runSync()": { ...guest("runSync", ...args), bound: it.bound },
          ...(it.boundInMemory && { "runSync(), in memory": { ...guest("memory", ...args), bound: it.boundInMemory } }),
        },
      };
    }),
  );
}

/** Functions of the host by what they do, and a call of each in WAT. */
const hostCalls = {
  "adds two numbers": "(drop (call $add (local.get $left) (i32.const 1)))",
  "looks at 16 bytes of the guest's memory": "(call $log (i32.const 64) (i32.const 16))",
  "does one of the two, in turn":
    "(drop (call $add (local.get $left) (i32.const 1))) (call $log (i32.const 64) (i32.const 16))",
} as const;

async function hostFunctions(folder: string): Promise<Comparison[]> {
  const runs = 10;
  return Promise.all(
    Object.entries(hostCalls).map(async ([what, call], i): Promise<Comparison> => {
      const times = 1_000_000 / call.split("(call").slice(1).length;
      const module = await assemble(
        folder,
        `host-functions-${i}`,
        `(module
          (import "env" "add" (func $add (param i32 i32) (result i32)))
          (import "env" "log" (func $log (param i32 i32)))
          (memory (export "memory") 1)
          (func (export "_start") (local $left i32)
            (local.set $left (i32.const ${times}))
            (loop $again
              ${call}
              (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))`,
      );
      const calling = (how: string): Contender => ({
        ...node(contender("host-functions.js"), how, module, `${runs}`),
        runs,
      });
      return {
        name: `1,000,000 × a function of the host that ${what}`,
        rounds: 5,
        contenders: {
          "bare WebAssembly imports": calling("bare"),
          "runSync(), imports": { ...calling("runSync"), bound: 1.5 },
        },
      };
    }),
  );
}

/** Makes a file, in a directory that thousands of runs share, or in an empty one. */
async function sharedBase(folder: string): Promise<Comparison[]> {
  const [empty, runs] = [join(folder, "empty"), 1000];
  mkdirSync(empty);
  const module = await assemble(
    folder,
    "make-file",
    `(module ${imports} (memory (export "memory") 1) (data (i32.const 32) "new") (data (i32.const 0) "\\20\\00\\00\\00\\03")
      (func (export "_start")
        (if (call $path_open (i32.const 3) (i32.const 0) (i32.const 32) (i32.const 3) (i32.const 5) (i64.const 64)
              (i64.const 0) (i32.const 0) (i32.const 16))
          (then (call $proc_exit (i32.const 1))))
        (drop (call $fd_write (i32.load (i32.const 16)) (i32.const 0) (i32.const 1) (i32.const 8)))))`,
  );
  const over = (directory: string): Contender => ({
    ...node(contender("copies.js"), module, `${runs}`, directory),
    runs,
  });
  return [
    {
      name: "runs that make a file in a copy-on-write directory",
      rounds: 9,
      contenders: {
        "over an empty one": over(empty),
        "over one with 5,000 files": { ...over(createForest(folder)), bound: 1.3 },
      },
    },
  ];
}

async function walks(folder: string): Promise<Comparison[]> {
  const args = [await compileRust("walk", folder), join(folder, "output"), createForest(folder)];
  return [
    {
      name: "a program in Rust that walks through 220 directories and counts the lines of 5,000 files",
      rounds: 15,
      contenders: {
        "node:wasi": guest("node:wasi", ...args),
        "runSync()": { ...guest("runSync", ...args), bound: 1.25 },
        "runSync(), in memory": guest("memory", ...args),
      },
    },
  ];
}

async function traces(folder: string): Promise<Comparison[]> {
  const [module, forest] = [await compileRust("walk", folder), createForest(folder)];
  const args = [module, "/dev/null", forest];
  const file = `--trace-output=${join(folder, "trace.txt")}`;
  const granted = ["--dir", `${forest}::/sandbox`, module];
  return [
    {
      name: "a walk, not traced: what it costs to remember failed calls",
      rounds: 31,
      contenders: { "@wasi-kit/wasi alone": guest("@wasi-kit/wasi", ...args), "runSync()": guest("runSync", ...args) },
    },
    {
      name: "a walk, traced",
      rounds: 5,
      contenders: {
        "wasi-kit run": intoNothing(node(command, "run", ...granted)),
        "wasi-kit run --trace-output FILE": intoNothing(node(command, "run", file, ...granted)),
      },
    },
    {
      name: "rust/read-file, whole process, traced",
      rounds: 20,
      contenders: {
        "wasi-kit run": intoNothing(node(command, "run", example("rust/read-file"))),
        "wasi-kit run --trace-output FILE": intoNothing(node(command, "run", file, example("rust/read-file"))),
      },
    },
  ];
}

async function manyRuns(): Promise<Comparison[]> {
  return hellos.map((name) => ({
    name: `runs of ${name}, on all cores`,
    rounds: 3,
    contenders: {
      "a process each": { ...node(contender("processes.js"), moduleOf(name), "60"), runs: 60 },
      "createPool()": {
        ...node(contender("pool.js"), moduleOf(name), "20000"),
        runs: 20_000,
        ...(name === "wat/hello" && { bound: 0.001 }),
      },
    },
  }));
}

async function traps(folder: string): Promise<Comparison[]> {
  const module = await compileRust("fail", folder, { debug: true });
  const runs = (...args: string[]): Contender => ({
    ...node(contender("pool.js"), module, "10000", ...args),
    runs: 10_000,
  });
  return [
    {
      name: "runs of a program in Rust with its debug information, on all cores",
      rounds: 3,
      contenders: { "that end well": runs("a", "b", "c"), "that trap": { ...runs("a", "b", "c", "d"), bound: 2 } },
    },
  ];
}

async function inProcess(): Promise<Comparison[]> {
  return hellos.map((name) => ({
    name: `runs of ${name}, one after another`,
    rounds: 7,
    contenders: {
      "instantiate and start": { ...node(contender("bare-loop.js"), moduleOf(name), "2000"), runs: 2000 },
      "runSync()": {
        ...node(contender("in-process.js"), moduleOf(name), "2000"),
        runs: 2000,
        ...(name === "wat/hello" && { bound: 1 }),
      },
    },
  }));
}

/** The languages whose compilers are on this machine. */
async function languagesHere(): Promise<LanguageName[]> {
  const names = Object.keys(languages) as LanguageName[];
  const tools = await Promise.all(names.map((name) => languages[name].tools(root)));
  return names.filter((_, i) => tools[i]?.every(({ found }) => found));
}

async function builds(folder: string): Promise<Comparison[]> {
  const available = await languagesHere();
  const found = (await findPrograms(join(root, "examples"))).filter(({ manifest }) =>
    available.includes(languageOf(manifest) as LanguageName),
  );
  const titles = available.map((name) => languages[name].title).join(", ");
  const source = join(example("assemblyscript/hello"), "assembly/index.ts");
  const text = readFileSync(source, "utf8");
  let changes = 0;
  const pnpmBuild: Contender = { command: "pnpm", args: ["build"] };
  const tasks = available.map((language) => `build:${language}`);
  const PATH = [process.env["PATH"], ...(await compilerFolders())].join(delimiter);
  /** A process of its compiler for each of some examples. */
  const loop = (...args: string[]): Contender => ({ ...node(contender("compile-all.js"), ...args), env: { PATH } });
  return [
    {
      name: `the ${found.length} examples in ${titles}, nothing built before`,
      rounds: 2,
      contenders: {
        "the same compilers, a process each, one after another": loop(join(root, "examples"), ...available),
        "pnpm build, the packages built": {
          ...node(join(root, "tools/build.js"), ...tasks, "--only"),
          env: { TURBO_CACHE_DIR: join(folder, "turbo") },
          bound: 0.45,
          prepare() {
            rmSync(join(folder, "turbo"), { recursive: true, force: true });
            for (const { dir } of found) {
              for (const made of ["build", "target", ".zig-cache"])
                rmSync(join(dir, made), { recursive: true, force: true });
            }
          },
        },
      },
    },
    {
      name: "one AssemblyScript source changed",
      rounds: 5,
      contenders: {
        "asc, on that alone": loop(example("assemblyscript/hello")),
        "pnpm build": {
          ...pnpmBuild,
          bound: 1.3,
          prepare: () => writeFileSync(source, `${text}// changed ${++changes}\n`),
        },
        "pnpm build, nothing changed": pnpmBuild,
      },
      restore: () => writeFileSync(source, text),
    },
    ...hellos.map((name): Comparison => ({
      name: `${name} is up to date`,
      rounds: 10,
      contenders: {
        "wasi-kit --version": intoNothing(node(command, "--version")),
        "wasi-kit build": { ...intoNothing(node(command, "build", example(name))), bound: 1.5 },
      },
    })),
  ];
}

/** The most that the new output may take, compared with the compiler in a process of its own. */
const editBounds: Readonly<Partial<Record<LanguageName, number>>> = { assemblyscript: 0.5, rust: 1.1 };

async function edits(folder: string): Promise<Comparison[]> {
  const PATH = [process.env["PATH"], ...(await compilerFolders())].join(delimiter);
  return (await languagesHere()).map((language) => {
    const bound = editBounds[language];
    const dir = createEdited(folder, language);
    const edit = (how: string): Contender => ({ ...node(contender("edit.js"), how, dir), runs: 1, env: { PATH } });
    return {
      name: `a source in ${language} is edited`,
      rounds: 2,
      contenders: {
        "its compiler, to the module": edit("compiler"),
        "wasi-kit dev, to the output": { ...edit("dev"), ...(bound && { bound }) },
      },
    };
  });
}

async function tests(): Promise<Comparison[]> {
  return [
    {
      name: "pnpm test, everything built",
      rounds: 3,
      contenders: { "pnpm test": { command: "pnpm", args: ["test"] } },
    },
  ];
}

/** Compiles one of the guests that are in Rust, into a folder. */
async function compileRust(name: string, folder: string, options: { debug?: boolean } = {}): Promise<string> {
  const dir = join(root, "tools/bench/guests", name);
  const module = join(folder, `${name}.wasm`);
  await build({ dir, language: "rust", source: join(dir, "Cargo.toml"), module, ...options });
  return module;
}

function isOnPath(name: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, name)));
}
