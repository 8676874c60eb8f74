/**
 * Lets guests race with what swaps a component of their paths between a
 * directory and a link to the outside, and counts how often they get out.
 *
 *     pnpm races [KIND…] [--attempts N] [--rival process|guest]… [--runner DIR|node:wasi] [--json]
 *
 * KIND is one of the kinds of attempts (`"set times"`); without one, all are
 * made: 20,000 times each, or N. `--rival` is who swaps: both in turn by
 * default. `--runner` names a built packages/runner of another checkout. The
 * exit code is 1 if anything outside was read or changed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { kinds } from "./kinds.ts";
import { guestRival, processRival, race } from "./race.ts";
import type { Race } from "./race.ts";
import { loadRunner } from "./load-runner.ts";
import { prepareSwapper } from "./swapper.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    attempts: { type: "string", default: "20000" },
    rival: { type: "string", multiple: true },
    runner: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const attempts = Number(values.attempts);
const runner = await loadRunner(values.runner);
const rivalNames = values.rival ?? (runner.createPool ? ["process", "guest"] : ["process"]);
const unknown = [
  ...positionals.filter((name) => !kinds.some((kind) => kind.name === name)),
  ...rivalNames.filter((name) => name !== "process" && name !== "guest"),
];
if (process.platform !== "linux") fail("It needs Linux: elsewhere, races are not excluded.");
if (unknown.length > 0) fail(`There is no ${unknown.join(", ")}. Kinds: ${kinds.map(({ name }) => name).join(", ")}.`);
if (!(Number.isSafeInteger(attempts) && attempts > 0))
  fail(`--attempts ${values.attempts}: a number above 0 is expected.`);

const races: Race[] = [];
const started = performance.now();
const folder = mkdtempSync(join(tmpdir(), "wasi-kit-races-"));
try {
  const swapper = prepareSwapper(folder);
  for (const name of rivalNames) {
    const rival = name === "process" ? processRival(swapper) : guestRival;
    for (const kind of kinds.filter((it) => positionals.length === 0 || positionals.includes(it.name))) {
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${kind.name}, against a ${name} …`);
      races.push(await race(kind, attempts, rival, runner));
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");

const escapes = races.reduce((sum, { escapesRead, escapesWritten }) => sum + escapesRead + escapesWritten, 0);
if (values.json) console.log(JSON.stringify({ node: process.version, runner: values.runner, races }, null, 2));
else {
  console.log(formatTable(races));
  const total = races.reduce((sum, { attempts: made }) => sum + made, 0);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`Node.js ${process.version}: ${escapes} escapes in ${total} attempts, ${seconds} s.`);
}
process.exitCode = escapes > 0 ? 1 : 0;

function formatTable(rows: readonly Race[]): string {
  const head = [
    "attempt",
    "swapped by a",
    "attempts",
    "succeeded",
    "failed",
    "turns",
    "read outside",
    "changed outside",
  ];
  const layout = new Table({ head, style: { head: [], border: [], compact: true }, colAligns: ["left", "left"] });
  for (const { kind, rival, ...counts } of rows) layout.push([kind, rival, ...Object.values(counts).map(String)]);
  return layout.toString();
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
