import { stat } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { builderOf, describeGrants, isExpected, modulePath, resolveRun } from "@wasi-kit/manifest";
import { asTyped } from "@wasi-kit/runner/commands";
import type { Program, ResolvedRun, Run } from "@wasi-kit/manifest";
import { describeDifference, printable, runOnCopies, WasiKitError } from "@wasi-kit/runner";
import type { CopiesRunResult, Difference, Entry, RunResult } from "@wasi-kit/runner";
import { explainRun } from "@wasi-kit/runner/explain";
import { buildStale } from "../../programs/build-programs.ts";
import { leaveOutUnavailable } from "../../programs/leave-out.ts";
import type { ParsedArgs } from "../../command-line/command.ts";
import { programsBelow } from "../../programs/find-programs.ts";
import { count, formatSize, formatTime } from "../../ui/format.ts";
import { columns } from "../../ui/columns.ts";
import { paint, print } from "../../ui/output.ts";

/** The result of one run of one program. */
interface Report {
  program: string;
  run: string;
  /** Whether it ended with the exit code that its manifest expects. */
  ok: boolean;
  exitCode: number;
  expectedExitCode: number;
  /** `"not-started"` if the module could not be run. */
  outcome: RunResult["outcome"] | "not-started";
  /** Why it could not be started, or how it trapped. */
  message: string | null;
  stdout: string;
  stderr: string;
  /** What became of the directories that it was granted, by guest path. */
  changes: Readonly<Record<string, readonly Difference[]>>;
  durationMs: number;
}

/** Runs every run of every program in the folders and below them, changing none of its directories. Returns 1 where an exit code is not the expected one. */
export async function runAll({ positionals, values }: ParsedArgs): Promise<number> {
  const all = await programsBelow(positionals);
  const found = values["available"] ? await leaveOutUnavailable(all) : all;
  // What can't be built has no module any more, which its runs then say.
  if (!values["no-build"]) await buildStale(found);
  const base = resolve(positionals.length === 1 ? (positionals[0] as string) : ".");
  const tell = values["json"] ? () => {} : (text: string) => print(`${text}\n`);

  const reports: Report[] = [];
  const rows: string[][] = [];
  for (const program of found) {
    const name = relative(base, program.dir) || program.name;
    const own: Report[] = [];
    for (const [runName, declared] of Object.entries(program.manifest.runs)) {
      const resolved = resolveRun(program, runName);
      const { report, end } = runOne(resolved, name);
      own.push(report);
      const why =
        report.ok || values["no-explain"] ? [] : explainRun({ ...resolved, end }).map((it) => asTyped(it, "."));
      tell(`${describe(report, declared, end, why)}\n`);
    }
    reports.push(...own);
    rows.push(await summarize(program, name, own));
  }

  const failed = reports.filter(({ ok }) => !ok);
  if (values["json"]) print(`${JSON.stringify(reports, null, 2)}\n`);
  tell(`${columns([["program", "language", "module", "runs", ""], ...rows]).join("\n")}\n`);
  tell(
    failed.length === 0
      ? paint(
          process.stdout,
          "ok",
          `${count(reports.length, "run")} of ${count(found.length, "program")}, all as expected.`,
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
const label = ({ program, run: name }: Report): string => `${program} ${name}`;

function runOne(resolved: ResolvedRun, name: string): { report: Report; end: RunResult | WasiKitError } {
  const expectedExitCode = resolved.exitCode;
  const same = { program: name, run: resolved.name, expectedExitCode };
  try {
    const result = runOnCopies(relative(process.cwd(), resolved.module), resolved.options);
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
    return { report, end: result };
  } catch (error) {
    if (!(error instanceof WasiKitError)) throw error;
    const { exitCode, message } = error;
    return {
      report: {
        ...same,
        ok: isExpected(expectedExitCode, error),
        exitCode,
        outcome: "not-started",
        message: asTyped(message, "."),
        stdout: "",
        stderr: "",
        changes: {},
        durationMs: 0,
      },
      end: error,
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
function describe(report: Report, declared: Run, end: RunResult | WasiKitError, why: readonly string[]): string {
  const result = "outcome" in end ? end : undefined;
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
    ["why", why.flatMap((it) => it.split("\n"))],
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

async function summarize(program: Program, name: string, reports: Report[]): Promise<string[]> {
  const size = (await stat(modulePath(program)).catch(() => undefined))?.size;
  const ok = reports.every((report) => report.ok);
  return [
    name,
    builderOf(program.manifest) ?? "none",
    size === undefined ? "not built" : formatSize(size),
    String(reports.length),
    paint(process.stdout, ok ? "ok" : "error", ok ? "ok" : "not ok"),
  ];
}
