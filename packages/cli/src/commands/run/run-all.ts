import { stat } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { describeGrants, isExpected, modulePath, resolveRun } from "@wasi-kit/manifest";
import type { Example, Run } from "@wasi-kit/manifest";
import { describeDifference, printable, WasiKitError } from "@wasi-kit/runner";
import type { CopiesRunResult, Difference, Entry, RunResult } from "@wasi-kit/runner";
import { buildFirst } from "../../programs/build-programs.ts";
import type { Input } from "../../command-line/command.ts";
import { examplesBelow } from "../../programs/find-programs.ts";
import { count, formatSize, formatTime } from "../../ui/format.ts";
import { runWithSigint } from "../../programs/run-with-sigint.ts";
import { columns } from "../../ui/columns.ts";
import { paint, print } from "../../ui/output.ts";

/** What came of one run of one example. */
interface Report {
  example: string;
  run: string;
  /** Whether it ended with the exit code that its manifest expects. */
  ok: boolean;
  exitCode: number;
  expectedExitCode: number;
  /** `"not-started"` where the module could not be run. */
  outcome: RunResult["outcome"] | "not-started";
  /** Why it could not be started, or how it trapped. */
  message: string | null;
  stdout: string;
  stderr: string;
  /** What became of the directories that it was granted, by guest path. */
  changes: Readonly<Record<string, readonly Difference[]>>;
  durationMs: number;
}

/** Runs every run of every example in the folders and below them, changing none of its directories. Returns 1 where an exit code is not the expected one. */
export async function runAll({ positionals, values }: Input): Promise<number> {
  const found = await examplesBelow(positionals);
  // What can't be built has no module any more, which its runs then say.
  if (!values["no-build"]) await buildFirst(found);
  const base = resolve(positionals.length === 1 ? (positionals[0] as string) : ".");
  const tell = values["json"] ? () => {} : (text: string) => print(`${text}\n`);

  const reports: Report[] = [];
  const rows: string[][] = [];
  for (const example of found) {
    const name = relative(base, example.dir) || example.name;
    const own: Report[] = [];
    for (const [runName, declared] of Object.entries(example.manifest.runs)) {
      const { report, result } = await runOne(example, name, runName);
      own.push(report);
      tell(`${describe(report, declared, result)}\n`);
    }
    reports.push(...own);
    rows.push(await summarize(example, name, own));
  }

  const failed = reports.filter(({ ok }) => !ok);
  if (values["json"]) print(`${JSON.stringify(reports, null, 2)}\n`);
  tell(`${columns([["example", "language", "module", "runs", ""], ...rows]).join("\n")}\n`);
  tell(
    failed.length === 0
      ? paint(
          process.stdout,
          "ok",
          `${count(reports.length, "run")} of ${count(found.length, "example")}, all as expected.`,
        )
      : paint(
          process.stdout,
          "error",
          `${failed.length} of ${count(reports.length, "run")} did not end as expected: ${failed.map(label).join(", ")}.`,
        ),
  );
  return failed.length === 0 ? 0 : 1;
}

const below = (guestPath: string): string => (guestPath.endsWith("/") ? guestPath : `${guestPath}/`);
const label = ({ example, run: name }: Report): string => `${example} ${name}`;

async function runOne(
  example: Example,
  name: string,
  runName: string,
): Promise<{ report: Report; result?: RunResult }> {
  const resolved = resolveRun(example, runName);
  const expectedExitCode = resolved.exitCode;
  const same = { example: name, run: runName, expectedExitCode };
  try {
    const result = runWithSigint(relative(process.cwd(), resolved.module), resolved.options);
    const { outcome, exitCode, stdout, stderr, durationMs, trap } = result;
    const report = {
      ...same,
      ok: isExpected(expectedExitCode, result),
      exitCode,
      outcome,
      message: trap?.message ?? null,
      stdout,
      stderr,
      changes: changesOf(result),
      durationMs,
    };
    return { report, result };
  } catch (error) {
    if (!(error instanceof WasiKitError)) throw error;
    const { exitCode, message } = error;
    return {
      report: {
        ...same,
        ok: isExpected(expectedExitCode, error),
        exitCode,
        outcome: "not-started",
        message,
        stdout: "",
        stderr: "",
        changes: {},
        durationMs: 0,
      },
    };
  }
}

const changesOf = ({ differences }: CopiesRunResult): Report["changes"] =>
  Object.fromEntries(differences.map(([guestPath, own]) => [guestPath, own.map(withoutContent)]));

// Sizes and hashes say enough, and a file may hold anything.
function withoutContent({ before, after, ...difference }: Difference): Difference {
  return {
    ...difference,
    ...(before ? { before: entryWithoutContent(before) } : {}),
    ...(after ? { after: entryWithoutContent(after) } : {}),
  };
}

function entryWithoutContent(entry: Entry): Entry {
  if (entry.kind !== "file") return entry;
  const { content: _content, ...rest } = entry;
  return rest;
}

/** A run as a person reads it: what was granted, what came out, how it ended. */
function describe(report: Report, declared: Run, result: RunResult | undefined): string {
  const { ok, exitCode, expectedExitCode, outcome, message, changes, durationMs } = report;
  const out = process.stdout;
  const as = ok
    ? "as expected"
    : paint(out, "error", `expected ${outcome === "not-started" ? "the guest to exit with " : ""}${expectedExitCode}`);
  const how = outcome === "exited" ? "exit code" : `${outcome.replaceAll("-", " ")}, exit code`;
  const blocks: (readonly [string, readonly string[]])[] = [
    ...describeGrants(declared),
    ["stdout", printable(result?.stdoutBytes ?? new Uint8Array())],
    ["stderr", printable(result?.stderrBytes ?? new Uint8Array())],
    [
      "changes",
      Object.entries(changes).flatMap(([guestPath, own]) => own.map((it) => describeDifference(it, below(guestPath)))),
    ],
    ["message", message?.split("\n") ?? []],
    ["end", [`${how} ${exitCode}, ${as}${result ? `, in ${formatTime(durationMs)}` : ""}`]],
  ];
  const title = `${paint(out, ok ? "ok" : "error", ok ? "ok" : "not ok")} ${paint(out, "strong", label(report))}`;
  return [
    title,
    ...blocks.flatMap(([kind, lines]) =>
      lines.map((line, i) => `  ${paint(out, "dim", (i === 0 ? kind : "").padEnd(8))}  ${line}`),
    ),
  ].join("\n");
}

async function summarize(example: Example, name: string, reports: Report[]): Promise<string[]> {
  const size = (await stat(modulePath(example)).catch(() => undefined))?.size;
  const ok = reports.every((report) => report.ok);
  return [
    name,
    example.manifest.build?.language ?? "none",
    size === undefined ? "not built" : formatSize(size),
    String(reports.length),
    paint(process.stdout, ok ? "ok" : "error", ok ? "ok" : "not ok"),
  ];
}
