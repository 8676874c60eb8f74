/**
 * Runs checkouts of outside suites through `wasi-kit run`, and says what passed.
 *
 *     pnpm conformance DIR… [--node PATH]… [--command PATH] [--write FILE]
 *
 * DIR is a checkout of WebAssembly/wasi-testsuite (branch prod/testsuite-base,
 * which has prebuilt modules) or of caspervonb/wasi-test-suite. Nothing of
 * them is kept here. `--node` names a Node.js to run with, this one by default;
 * `--command` the command's file; `--write` a file for the tables.
 */
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../root.ts";
import { readCaspervonb } from "./caspervonb.ts";
import { runTest } from "./run.ts";
import type { Verdict } from "./run.ts";
import type { Suite } from "./suite.ts";
import { formatSuite } from "./table.ts";
import type { Column } from "./table.ts";
import { readWasiTestsuite } from "./wasi-testsuite.ts";

const { values, positionals: checkouts } = parseArgs({
  allowPositionals: true,
  options: {
    node: { type: "string", multiple: true, default: [process.execPath] },
    command: { type: "string", default: join(root, "packages/cli/bin/wasi-kit.cjs") },
    write: { type: "string" },
  },
});
if (checkouts.length === 0) {
  console.error("Name a checkout: pnpm conformance DIR… [--node PATH]… [--command PATH] [--write FILE]");
  process.exit(2);
}
if (!existsSync(values.command)) {
  console.error(`There is no command at ${values.command}. Build it with pnpm build, or name it with --command.`);
  process.exit(2);
}

const parts: string[] = [];
let failed = 0;
for (const checkout of checkouts) {
  const suite = readSuite(resolve(checkout));
  const columns: Column[] = [];
  for (const node of values.node) {
    const column = { node: versionOf(node), verdicts: await runAll(suite, node) };
    for (const { test, failure } of column.verdicts) {
      if (failure) console.error(`${suite.name}: ${test.group}/${test.name} on Node.js ${column.node}: ${failure}`);
    }
    failed += column.verdicts.filter(({ failure }) => failure).length;
    columns.push(column);
  }
  parts.push(formatSuite(suite, commitOf(checkout), columns));
}

const date = new Date().toISOString().slice(0, 10);
const page = [
  "# Conformance",
  "",
  `Outside suites, run through \`wasi-kit run\` on ${process.platform} ${process.arch}, ${date}. Written by`,
  "`pnpm conformance`; type it with checkouts of the suites to write it again.",
  "",
  ...parts,
].join("\n");
if (values.write) writeFileSync(values.write, page);
else console.log(page);
process.exitCode = failed > 0 ? 1 : 0;

/** Tells the suites apart by how they are laid out. */
function readSuite(checkout: string): Suite {
  if (existsSync(join(checkout, "tests/rust/testsuite"))) return readWasiTestsuite(checkout);
  if (existsSync(join(checkout, "libstd"))) return readCaspervonb(checkout);
  console.error(`${checkout} is no suite that this tool knows: it has neither tests/rust/testsuite nor libstd.`);
  process.exit(2);
}

async function runAll(suite: Suite, node: string): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const waiting = suite.tests.entries();
  const work = async (): Promise<void> => {
    for (const [i, test] of waiting) verdicts[i] = await runTest(test, node, values.command);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return verdicts;
}

function versionOf(node: string): string {
  return execFileSync(node, ["--version"], { encoding: "utf8" }).trim().slice(1);
}

function commitOf(checkout: string): string {
  return execFileSync("git", ["-C", checkout, "rev-parse", "HEAD"], { encoding: "utf8" }).trim();
}
