import { errorText, formatFrame } from "@wasi-kit/runner";
import type { Frame, Outcome, RunResult, SyncRunOptions, WasiKitError } from "@wasi-kit/runner";
import type { FailedRun } from "@wasi-kit/runner/explain";
import { count, formatBytes, formatTime } from "../../ui/format.ts";
import { say, writeLine } from "../../ui/output.ts";

/** What is to be said of a run that did not end by itself. */
const endings: Readonly<Record<Outcome, (options: SyncRunOptions, result: RunResult) => string | undefined>> = {
  exited: () => undefined,
  // The user pressed Ctrl-C, or closed the pipe.
  aborted: () => undefined,
  "broken-pipe": () => undefined,
  trapped: (_, { trap }) => `trapped: ${trap?.message}`,
  "out-of-memory": ({ maxMemoryBytes }, { trap }) =>
    `trapped: ${trap?.message}\nIt had all the memory that it may have: ${maxMemoryBytes} bytes.`,
  "timed-out": ({ timeoutMs }) => `did not end within ${timeoutMs} ms, and was stopped.`,
  "output-limit": ({ maxOutputBytes }) => `wrote more than ${maxOutputBytes} bytes, and was stopped.`,
  "input-limit": ({ maxInputBytes }) => `read more than ${maxInputBytes} bytes of stdin, and was stopped.`,
  "call-limit": ({ maxCalls }) => `made more than ${maxCalls} calls, and was stopped.`,
  // Of a run in a worker alone, which this is not.
  "cpu-limit": () => "used up its CPU time, and was stopped.",
  "host-error": (_, { hostError }) => `was stopped: ${hostError?.function} threw: ${errorText(hostError?.error)}`,
};

/** Prints how a run ended unless the guest exited by itself. */
export function printEnding(module: string, options: SyncRunOptions, result: RunResult, showsAllFrames = false): void {
  const { outcome, trap, lostOutput } = result;
  const what = endings[outcome](options, result);
  if (what) say("error", [`${module} ${what}`, ...describeFrames(trap?.frames ?? [], showsAllFrames)].join("\n"));
  if (lostOutput)
    say("error", `What ${module} wrote to ${lostOutput.join(" and ")} can't be written. Is the disk full?`);
}

/** Prints what the run would have changed in its copy-on-write directories. */
export async function printChanges(end: RunResult | WasiKitError, { preopens }: SyncRunOptions): Promise<void> {
  if (!("changes" in end) || !end.changes || !preopens) return;
  const { describeChanges } = await import("./changes.ts");
  for (const text of describeChanges(end.changes, preopens)) say("ok", text);
}

/** Prints why it ended badly, if that is known. */
export async function printExplanation(run: FailedRun): Promise<void> {
  const { exitCode, outcome } = run.end as { exitCode: number; outcome?: Outcome };
  // A closed pipe is nothing to fix.
  if (exitCode === 0 || outcome === "broken-pipe") return;
  const { explainRun } = await import("@wasi-kit/runner/explain");
  const lines = explainRun(run);
  if (lines.length > 0) say("warn", lines.join("\n"));
}

/** Prints what it took, and what its calls amount to, if it started: with `--quiet` too, since it was asked for. */
export function printStats(module: string, end: RunResult | WasiKitError): void {
  if (!("stats" in end) || !end.stats) return;
  const { calls, bytesRead, bytesWritten, inputBytes, outputBytes } = end.stats;
  const cpu = end.cpuMs === undefined ? "" : ` (${formatTime(end.cpuMs)} of CPU time)`;
  writeLine(
    `${module}: ${formatTime(end.durationMs)}${cpu}, ${formatBytes(end.memoryBytes)} of memory, ${count(calls, "call")}, ` +
      `${formatBytes(bytesRead)} read (${formatBytes(inputBytes)} from stdin), ` +
      `${formatBytes(bytesWritten)} written (${formatBytes(outputBytes)} to stdout and stderr)\n`,
  );
}

/**
 * Functions that the standard library of a language puts around a program: Rust's panics, start and tests, and what the
 * linker makes of `main`.
 */
const ofLibrary =
  /^(std::|core::|alloc::|test::|__rustc::|rust_|__rust|<?(std|core|alloc)::|abort$|_start$|__main_void$|__original_main$)/;

/** Where Rust's standard library was compiled, if its names do not show it. */
const inLibrary = /(?:^|\/)library\/(?:alloc|core|panic_abort|std|test)\/src\//;

const isOfLibrary = ({ name, source }: Frame): boolean =>
  ofLibrary.test(name ?? "") || inLibrary.test(source?.file ?? "");

/** Lines that are shown of a module without names: they say where it trapped, and not by which way. */
const linesWithoutNames = 3;

/** Frames as lines; those of a function that called itself over and over are one, and those that don't help are counted. */
function describeFrames(frames: readonly Frame[], showsAll: boolean): string[] {
  const own = frames.filter((it) => !isOfLibrary(it));
  const hasNames = frames.some(({ name, source }) => name !== undefined || source !== undefined);
  const helpful = hasNames ? inLines(own.length > 0 ? own : frames) : inLines(frames).slice(0, linesWithoutNames);
  const others = frames.length - helpful.reduce((sum, { more }) => sum + 1 + more, 0);
  // A line about fewer than these would take as much room as they do.
  const isShortened = !showsAll && others > 3;
  const shown = isShortened ? helpful : inLines(frames);
  return [
    ...shown.map(({ text, more }) => `  at ${text}${more > 0 ? `, and ${more} more like it` : ""}`),
    ...(isShortened
      ? [
          `  and ${count(others, "frame")} ${hasNames ? "of the standard library" : "without a name"}: --all-frames shows them`,
        ]
      : []),
  ];
}

/** A line for each frame, or for several that are the same. */
function inLines(frames: readonly Frame[]): { text: string; more: number }[] {
  const lines: { text: string; more: number }[] = [];
  for (const text of frames.map(formatFrame)) {
    const last = lines.at(-1);
    if (last?.text === text) last.more++;
    else lines.push({ text, more: 0 });
  }
  return lines;
}
