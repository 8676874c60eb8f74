import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPool, memory, runSync } from "@wasi-kit/runner";
import type { Preopen, RunResult, SyncRunOptions } from "@wasi-kit/runner";
import { assemble, imports } from "../wat.ts";

/** Runs that have to leave nothing behind. */
export interface Scenario {
  name: string;
  /** How many runs there are, of 100,000 that were asked for. */
  share: number;
  /** Begins: gives what makes a run, and what ends it all. */
  start(folder: string): Promise<Runs>;
}

export interface Runs {
  /** Makes a run. @param number - counts from 0 */
  run(number: number): RunResult | Promise<RunResult>;
  /** How many are made at a time. */
  parallel: number;
  close(): Promise<void>;
}

/** The modules that are run: WAT. */
const guests = {
  hello: `
    (data (i32.const 0) "\\08\\00\\00\\00\\06\\00\\00\\00") (data (i32.const 8) "hello\\n")
    (func (export "_start") (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32))))`,
  endless: '(func (export "_start") (loop $again (br $again)))',
  /** Creates a file, opens its directory, lists it, gives the file another name, and removes it, again and again. */
  restless: `
    (data (i32.const 0) "dir/file") (data (i32.const 16) "dir/other")
    (func (export "_start") (local $file i32) (local $directory i32)
      (loop $again
        (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 8)
          (i32.const 1) (i64.const 0x42) (i64.const 0) (i32.const 0) (i32.const 32)))
        (local.set $file (i32.load (i32.const 32)))
        (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 3)
          (i32.const 2) (i64.const 0x4000) (i64.const 0) (i32.const 0) (i32.const 32)))
        (local.set $directory (i32.load (i32.const 32)))
        (drop (call $fd_readdir (local.get $directory) (i32.const 4096) (i32.const 4096) (i64.const 0) (i32.const 32)))
        (drop (call $path_rename
          (i32.const 3) (i32.const 0) (i32.const 8) (i32.const 3) (i32.const 16) (i32.const 9)))
        (drop (call $fd_close (local.get $directory)))
        (drop (call $fd_close (local.get $file)))
        (drop (call $path_unlink_file (i32.const 3) (i32.const 16) (i32.const 9)))
        (br $again)))`,
};

const compile = (folder: string, name: keyof typeof guests): Promise<string> =>
  assemble(folder, name, `(module ${imports} (memory (export "memory") 1) ${guests[name]})`);

const hello: Scenario = {
  name: "hello in a pool, one in a hundred ended by a timeout",
  share: 1,
  async start(folder) {
    const [module, endless] = [await compile(folder, "hello"), await compile(folder, "endless")];
    const pool = createPool({ size: 2 });
    return {
      run: (number) => (number % 100 === 99 ? pool.run(endless, { timeoutMs: 2 }) : pool.run(module)),
      parallel: 4,
      close: () => pool.close(),
    };
  },
};

/** Where guests are ended: in this thread, or in a pool's workers. */
type Place = "runSync" | "pool";

const files = { dir: { "one.txt": "one", "two.txt": "two" } };

/** What the guests that are ended are granted, by its name. */
const preopens: Readonly<Record<string, (folder: string, place: Place) => Preopen>> = {
  host: (folder) => folder,
  // A file system can't be sent to a worker.
  memory: (_, place) => (place === "pool" ? { files } : memory(files)),
  "copy-on-write": (folder) => ({ path: folder, access: "copy-on-write" }),
};

/** Runs that are ended at random moments. */
const ended = (place: Place, fileSystem: string, grant: (typeof preopens)[string]): Scenario => ({
  name: `ended while it opens, renames and lists: ${place}, ${fileSystem}`,
  share: 0.02,
  async start(folder) {
    const module = await compile(folder, "restless");
    const granted = join(folder, "granted");
    mkdirSync(join(granted, "dir"), { recursive: true });
    for (const name of ["one.txt", "two.txt"]) writeFileSync(join(granted, "dir", name), "");
    const options = (): SyncRunOptions => ({
      preopens: { "/": grant(granted, place) },
      timeoutMs: 0.5 + 10 * Math.random(),
    });
    if (place === "runSync") return { run: () => runSync(module, options()), parallel: 1, close: async () => {} };
    const pool = createPool({ size: 2 });
    return { run: () => pool.run(module, options()), parallel: 2, close: () => pool.close() };
  },
});

/** What is tried. */
export const scenarios: readonly Scenario[] = [
  hello,
  ...Object.entries(preopens).map(([name, grant]) => ended("runSync", name, grant)),
  ...Object.entries(preopens).map(([name, grant]) => ended("pool", name, grant)),
];
