import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { build } from "@wasi-kit/compiler";
import { findPrograms } from "@wasi-kit/manifest";
import { root } from "../root.ts";
import { calls, compileCalls, createForest, createSandbox } from "./calls.ts";
import type { Comparison, Contender } from "./comparison.ts";
import { createEdited } from "./edited.ts";

/** What is compared, by the name under which it can be asked for alone. */
export const comparisons: Readonly<Record<string, (folder: string) => Promise<Comparison[]>>> = {
  process: wholeProcess,
  calls: manyCalls,
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

async function builds(folder: string): Promise<Comparison[]> {
  const found = await findPrograms(join(root, "examples"));
  const source = join(example("assemblyscript/hello"), "assembly/index.ts");
  const text = readFileSync(source, "utf8");
  let changes = 0;
  const pnpmBuild: Contender = { command: "pnpm", args: ["build"] };
  const tasks = ["assemblyscript", "rust", "wat"].map((language) => `build:${language}`);
  /** A process of its compiler for each of some examples. */
  const loop = (...examples: string[]): Contender => node(contender("compile-all.js"), ...examples);
  return [
    {
      name: `all ${found.length} examples, nothing built before`,
      rounds: 2,
      contenders: {
        "the same compilers, a process each, one after another": loop(join(root, "examples")),
        "pnpm build, the packages built": {
          ...node(join(root, "tools/build.js"), ...tasks, "--only"),
          env: { TURBO_CACHE_DIR: join(folder, "turbo") },
          bound: 0.45,
          prepare() {
            rmSync(join(folder, "turbo"), { recursive: true, force: true });
            for (const { dir } of found) {
              for (const made of ["build", "target"]) rmSync(join(dir, made), { recursive: true, force: true });
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
const editBounds = { wat: undefined, assemblyscript: 0.5, rust: 1.1 } as const;

async function edits(folder: string): Promise<Comparison[]> {
  return Object.entries(editBounds).map(([language, bound]) => {
    const dir = createEdited(folder, language as keyof typeof editBounds);
    const edit = (how: string): Contender => ({ ...node(contender("edit.js"), how, dir), runs: 1 });
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
