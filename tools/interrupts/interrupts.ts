/**
 * Sends signals to builds, runs, a pool and tests at random moments, to the
 * process alone, and counts what they leave.
 *
 *     pnpm interrupts [SCENARIO…] [--moments N]
 *
 * SCENARIO is the beginning of a name (`build`, `"run --all"`); without one, all
 * are interrupted, N times each, 200 by default, with SIGINT, SIGTERM and SIGKILL
 * in turn. The exit code is 1 if anything runs a second later, is half-written, or
 * is in TMPDIR; after SIGKILL, if the next start does not clear it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { interrupt, setUp, signals } from "./interrupt.ts";
import type { Tally } from "./interrupt.ts";
import { scenarios } from "./scenarios.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { moments: { type: "string", default: "200" } },
});
const moments = Number(values.moments);
if (!(Number.isSafeInteger(moments) && moments > 0)) fail(`--moments ${values.moments}: a number above 0 is expected.`);
if (process.platform !== "linux") fail("It needs Linux: /proc says what still runs.");
const chosen = scenarios.filter(
  ({ name }) => positionals.length === 0 || positionals.some((begin) => name.startsWith(begin)),
);
if (chosen.length === 0) fail(`There are: ${scenarios.map(({ name }) => name).join(", ")}.`);

const tallies: Tally[] = [];
const folder = mkdtempSync(join(tmpdir(), "wasi-kit-interrupts-"));
try {
  for (const [i, scenario] of chosen.entries()) {
    const stage = await setUp(scenario, join(folder, String(i)));
    for (const [turn, signal] of signals.entries()) {
      console.error(`${scenario.name}, ${signal} …`);
      const share = Math.floor((moments + turn) / signals.length);
      tallies.push(await interrupt(stage, signal, share));
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const head = ["", "signal", "moments", "too late", "still running", "half-written", "in TMPDIR", "not cleared"];
const layout = new Table({ head, style: { head: [], border: [], compact: true } });
for (const { scenario, signal, moments: count, tooLate, running, halfWritten, temporary, notCleared } of tallies) {
  const left = [running, halfWritten, temporary, notCleared];
  layout.push([scenario, signal, ...[count, tooLate, ...left.map((it) => it.length)].map(String)]);
  const faults = signal === "SIGKILL" ? [running, notCleared] : left;
  if (faults.some((it) => it.length > 0)) process.exitCode = 1;
  for (const what of new Set(left.flat())) console.error(`${scenario}, ${signal}: ${what}`);
}
console.log(`${layout.toString()}\nNode.js ${process.version}`);

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
