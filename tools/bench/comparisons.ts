import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { build } from "@wasi-kit/compiler";
import { findExamples } from "@wasi-kit/manifest";
import { rolldown } from "rolldown";
import type { Plugin } from "rolldown";
import { root } from "../root.ts";
import type { Comparison, Contender } from "./comparison.ts";

/** What is compared, by the name under which it can be asked for alone. */
export const comparisons: Readonly<Record<string, (folder: string) => Promise<Comparison[]>>> = {
  process: wholeProcess,
  calls: manyCalls,
  trace: traces,
  pool: manyRuns,
  loop: inProcess,
  build: builds,
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
        "wasi-kit run MODULE": intoNothing(node(command, "run", module)),
        "wasi-kit run DIR": intoNothing(node(command, "run", example("wat/hello"))),
        ...others,
      },
    },
  ];
}

async function manyCalls(folder: string): Promise<Comparison[]> {
  const [paths, writes] = await Promise.all(["paths", "writes"].map((name) => compileGuest(folder, name)));
  const sandbox = sandboxIn(folder);
  const targets = { "a file": join(folder, "output"), "/dev/null": "/dev/null" };
  return [
    {
      name: "100,000 × open, stat and close, three components deep",
      rounds: 5,
      contenders: {
        "bare node:wasi": node(contender("article.cjs"), paths as string, join(folder, "sandbox")),
        "wasi-kit run": node(command, "run", ...sandbox, paths as string),
      },
    },
    ...Object.entries(targets).map(([what, stdout]) => ({
      name: `1,000,000 × fd_write of 12 bytes to ${what}`,
      rounds: 5,
      contenders: {
        "bare node:wasi": { ...node(contender("article.cjs"), writes as string), stdout },
        "wasi-kit run": { ...node(command, "run", writes as string), stdout },
      },
    })),
  ];
}

async function traces(folder: string): Promise<Comparison[]> {
  const [paths, writes] = await Promise.all(["paths", "writes"].map((name) => compileGuest(folder, name)));
  const file = `--trace=${join(folder, "trace.txt")}`;
  const sandbox = sandboxIn(folder);
  const watched = await bundleRunner(join(folder, "watched.mjs"), []);
  const unwatched = await bundleRunner(join(folder, "unwatched.mjs"), [withoutClues]);
  return [
    {
      name: "1,000,000 × fd_write, not traced",
      rounds: 61,
      contenders: {
        "without clues": { ...node(contender("watched.js"), unwatched, writes as string), runs: 1 },
        "as it is": { ...node(contender("watched.js"), watched, writes as string), runs: 1 },
      },
    },
    {
      name: "100,000 × open, stat and close, traced",
      rounds: 5,
      contenders: {
        "wasi-kit run": node(command, "run", ...sandbox, paths as string),
        "wasi-kit run --trace=FILE": node(command, "run", file, ...sandbox, paths as string),
      },
    },
    {
      name: "rust/read-file, whole process, traced",
      rounds: 20,
      contenders: {
        "wasi-kit run": intoNothing(node(command, "run", example("rust/read-file"))),
        "wasi-kit run --trace=FILE": intoNothing(node(command, "run", file, example("rust/read-file"))),
      },
    },
  ];
}

/** The runner without the clues that every run keeps for an explanation: calls end as they do with them. */
const withoutClues: Plugin = {
  name: "without-clues",
  load: (id) =>
    id.endsWith("/runner/src/clues.ts")
      ? `import { CallError } from "./guest.ts";
         const watch = (_, call) => (...args) => {
           try { return call(...args); } catch (error) { if (error instanceof CallError) return error.errno; throw error; }
         };
         export const createWitness = () => ({ watch, remember() {}, clues() {} });`
      : undefined,
};

async function bundleRunner(file: string, plugins: Plugin[]): Promise<string> {
  const bundle = await rolldown({ input: join(root, "packages/runner/src/index.ts"), platform: "node", plugins });
  await bundle.write({ file, format: "esm", codeSplitting: false });
  return file;
}

/** A directory with a file three components deep, as an option that grants it. */
function sandboxIn(folder: string): string[] {
  const sandbox = join(folder, "sandbox");
  mkdirSync(join(sandbox, "a/b"), { recursive: true });
  writeFileSync(join(sandbox, "a/b/file"), "");
  return ["--dir", `${sandbox}::/sandbox`];
}

async function manyRuns(): Promise<Comparison[]> {
  return hellos.map((name) => ({
    name: `runs of ${name}, on all cores`,
    rounds: 3,
    contenders: {
      "a process each": { ...node(contender("processes.js"), moduleOf(name), "60"), runs: 60 },
      "createPool()": { ...node(contender("pool.js"), moduleOf(name), "6000"), runs: 6000 },
    },
  }));
}

async function inProcess(): Promise<Comparison[]> {
  return hellos.map((name) => ({
    name: `runs of ${name}, one after another`,
    rounds: 7,
    contenders: {
      "instantiate and start": { ...node(contender("bare-loop.js"), moduleOf(name), "2000"), runs: 2000 },
      "runSync()": { ...node(contender("in-process.js"), moduleOf(name), "2000"), runs: 2000 },
    },
  }));
}

async function builds(folder: string): Promise<Comparison[]> {
  const found = await findExamples(join(root, "examples"));
  const source = join(example("wat/hello"), "hello.wat");
  const text = readFileSync(source, "utf8");
  let changes = 0;
  const pnpmBuild: Contender = { command: "pnpm", args: ["build"] };
  const cache = join(folder, "turbo");
  return [
    {
      name: `pnpm build, ${found.length} examples`,
      rounds: 1,
      contenders: {
        "the compilers, one after another": node(contender("compile-all.js"), join(root, "examples")),
        cold: {
          ...pnpmBuild,
          env: { TURBO_CACHE_DIR: cache },
          prepare() {
            rmSync(cache, { recursive: true, force: true });
            for (const { dir } of found) {
              for (const made of ["build", "target"]) rmSync(join(dir, made), { recursive: true, force: true });
            }
          },
        },
        "nothing changed": pnpmBuild,
        "one source changed": {
          ...pnpmBuild,
          prepare: () => writeFileSync(source, `${text};; changed ${++changes}\n`),
        },
      },
      restore: () => writeFileSync(source, text),
    },
  ];
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

async function compileGuest(folder: string, name: string): Promise<string> {
  const dir = join(root, "tools/bench/guests");
  const module = join(folder, `${name}.wasm`);
  await build({ dir, language: "wat", source: join(dir, `${name}.wat`), module });
  return module;
}

function isOnPath(name: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, name)));
}
