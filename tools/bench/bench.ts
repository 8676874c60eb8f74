/**
 * Measures wasi-kit beside what it is to be compared with.
 *
 *     pnpm bench [NAME…] [--json FILE]
 *
 * NAME is one of the comparisons; without one, all are made. The table goes to
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
const unknown = positionals.filter((name) => !Object.hasOwn(comparisons, name));
if (unknown.length > 0) {
  console.error(`There is no comparison ${unknown.join(", ")}. There are: ${Object.keys(comparisons).join(", ")}.`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "wasi-kit-bench-"));
try {
  const measured: Measured[] = [];
  for (const name of positionals.length > 0 ? positionals : Object.keys(comparisons)) {
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
