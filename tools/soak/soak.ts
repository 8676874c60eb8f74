/**
 * Makes many runs, stops some of them, and counts what they leave.
 *
 *     pnpm soak [--runs N]
 *
 * N is how many runs of hello are made in a pool, 100,000 by default; of the
 * runs that are ended while they use files, there are a fiftieth of that on each
 * file system. The exit code is 1 if there are more descriptors or more
 * temporary files than before.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { scenarios } from "./scenarios.ts";
import type { Runs, Scenario } from "./scenarios.ts";

const { values } = parseArgs({ options: { runs: { type: "string", default: "100000" } } });
const asked = Number(values.runs);
if (!(Number.isSafeInteger(asked) && asked > 0)) {
  console.error(`--runs ${values.runs}: a number above 0 is expected.`);
  process.exit(2);
}

/** The resources of a process. */
interface Held {
  /** Null without /proc. */
  descriptors: number | null;
  temporaryFiles: number;
  rssMiB: number;
}

const folder = mkdtempSync(join(tmpdir(), "wasi-kit-soak-"));
// Of its own, so that what other processes leave is not counted.
const temporary = join(folder, "temporary");
mkdirSync(temporary);
process.env["TMPDIR"] = temporary;
const head = ["", "runs", "ended", "descriptors", "temporary files", "RSS in MiB", "seconds"];
const layout = new Table({ head, style: { head: [], border: [], compact: true } });
try {
  for (const scenario of scenarios) {
    console.error(`${scenario.name} …`);
    layout.push(await soak(scenario));
  }
  console.log(`${layout.toString()}\nNode.js ${process.version}`);
} finally {
  rmSync(folder, { recursive: true });
}

async function soak({ name, share, start }: Scenario): Promise<string[]> {
  const count = Math.ceil(asked * share);
  // What is loaded at the first run is no leak.
  await make(Math.ceil(count / 100), await start(folder));
  const before = await look();
  const started = performance.now();
  const ended = await make(count, await start(folder));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const after = await look();
  const isMore = (of: "descriptors" | "temporaryFiles"): boolean => (after[of] ?? 0) > (before[of] ?? 0);
  if (isMore("descriptors") || isMore("temporaryFiles")) process.exitCode = 1;
  const change = (of: keyof Held): string => `${before[of] ?? "?"} → ${after[of] ?? "?"}`;
  return [
    name,
    String(count),
    String(ended),
    change("descriptors"),
    change("temporaryFiles"),
    change("rssMiB"),
    seconds,
  ];
}

/** Makes runs, and says how many of them were ended. */
async function make(count: number, { run, parallel, close }: Runs): Promise<number> {
  let [next, ended] = [0, 0];
  const work = async (): Promise<void> => {
    while (next < count) {
      const { outcome, stderr } = await run(next++);
      if (outcome === "timed-out") ended++;
      else if (outcome !== "exited") throw new Error(`A guest ended as ${outcome}. ${stderr}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, work));
  } finally {
    await close();
  }
  return ended;
}

/** The resources of this process, after those that are being freed are gone. */
async function look(): Promise<Held> {
  await setTimeout(200);
  return {
    descriptors: process.platform === "linux" ? readdirSync("/proc/self/fd").length : null,
    temporaryFiles: readdirSync(temporary, { recursive: true }).length,
    rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
  };
}
