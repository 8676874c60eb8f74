import { formatFrame } from "@wasi-kit/runner";
import type { Frame, Outcome, RunResult, SyncRunOptions, Trap, WasiKitError } from "@wasi-kit/runner";
import type { FailedRun } from "@wasi-kit/runner/explain";
import { count } from "../../ui/format.ts";
import { say } from "../../ui/output.ts";

/** What is to be said of a run that did not end by itself. */
const endings: Readonly<Record<Outcome, (options: SyncRunOptions, trap: Trap | undefined) => string | undefined>> = {
  exited: () => undefined,
  // The user pressed Ctrl-C, or closed the pipe.
  aborted: () => undefined,
  "broken-pipe": () => undefined,
  trapped: (_, trap) => `trapped: ${trap?.message}`,
  "out-of-memory": ({ maxMemoryBytes }, trap) =>
    `trapped: ${trap?.message}\nIt had all the memory that it may have: ${maxMemoryBytes} bytes.`,
  "timed-out": ({ timeoutMs }) => `did not end within ${timeoutMs} ms, and was stopped.`,
  "output-limit": ({ maxOutputBytes }) => `wrote more than ${maxOutputBytes} bytes, and was stopped.`,
};

/** Prints how a run ended unless the guest exited by itself. */
export function printEnding(
  module: string,
  options: SyncRunOptions,
  { outcome, trap, lostOutput }: RunResult,
  showsAllFrames = false,
): void {
  const what = endings[outcome](options, trap);
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

/**
 * Functions that the standard library of a language puts around a program: Rust's panics and start, and what the linker
 * makes of `main`.
 */
const ofLibrary =
  /^(std::|core::|alloc::|__rustc::|rust_|__rust|<?(std|core|alloc)::|abort$|_start$|__main_void$|__original_main$)/;

/** Frames as lines; those of a function that called itself over and over are one, and those of a library are counted. */
function describeFrames(frames: readonly Frame[], showsAll: boolean): string[] {
  const own = frames.filter(({ name }) => !ofLibrary.test(name ?? ""));
  // A line about fewer than these would take as much room as they do.
  const isShortened = !showsAll && own.length > 0 && frames.length - own.length > 3;
  const shown = isShortened ? own : frames;
  const lines: { text: string; more: number }[] = [];
  for (const text of shown.map(formatFrame)) {
    const last = lines.at(-1);
    if (last?.text === text) last.more++;
    else lines.push({ text, more: 0 });
  }
  const hidden = frames.length - shown.length;
  return [
    ...lines.map(({ text, more }) => `  at ${text}${more > 0 ? `, and ${more} more like it` : ""}`),
    ...(hidden > 0 ? [`  and ${count(hidden, "frame")} of the standard library: --all-frames shows them`] : []),
  ];
}
