import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPool, memory, runSync } from "@wasi-kit/runner";
import type { Preopen, RunResult, SyncRunOptions } from "@wasi-kit/runner";
import { compile } from "./guests.ts";

/** Runs that must not leave anything. */
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
