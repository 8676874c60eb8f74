/**
 * Measures wasi-kit beside what it is to be compared with.
 *
 *     pnpm bench [NAME…] [--json FILE]
 *
 * NAME is one of the comparisons, or `server`, which sends 50,000 requests to
 * examples/server; without one, all comparisons are made. The table goes to
 * stdout, the figures to FILE; docs/benchmarks.json is what the README shows.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compare } from "./comparison.ts";
import type { Measured } from "./comparison.ts";
import { comparisons } from "./comparisons.ts";
import { asText } from "./table.ts";
import type { Report } from "./table.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "string" } } });
const names = [...Object.keys(comparisons), "server"];
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no comparison ${unknown.join(", ")}. There are: ${names.join(", ")}.`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "wasi-kit-bench-"));
try {
  if (positionals.includes("server")) {
    const { reportServer } = await import("./server/report.ts");
    await reportServer(folder);
    if (positionals.length === 1) process.exit();
  }
  const measured: Measured[] = [];
  for (const name of positionals.length > 0 ? positionals.filter((it) => it !== "server") : Object.keys(comparisons)) {
    for (const comparison of (await comparisons[name]?.(folder)) ?? []) {
      console.error(`${comparison.name} …`);
      try {
        measured.push(...(await compare(comparison)));
      } finally {
        comparison.restore?.();
      }
    }
  }
  const report = {
    date: new Date().toISOString(),
    node: process.version,
    machine: machine(),
    measured,
  } satisfies Report;
  console.log(asText(report));
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

function machine(): string {
  const [cpu] = cpus();
  return `${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}
