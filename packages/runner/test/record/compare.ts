import type { RunResult } from "../../src/result.ts";
import { explain } from "../../src/explain/explain.ts";
import type { SyncRunOptions } from "../../src/options.ts";

/** What a replay has in common with the run that was recorded: all but times, and changes to directories. */
export function comparable(result: RunResult, options: SyncRunOptions = {}): object {
  const { durationMs: _, cpuMs: _cpu, changes: _c, recording: _r, mayRace: _m, trace = [], trap, ...same } = result;
  return {
    ...same,
    // To compare bytes as bytes takes seconds.
    stdoutBytes: Buffer.from(same.stdoutBytes).toString("latin1"),
    stderrBytes: Buffer.from(same.stderrBytes).toString("latin1"),
    trap: trap && { message: trap.message, frames: trap.frames },
    trace: trace.map(({ durationMs: _d, ...call }) => call),
    explanation: explain({ options, end: result })?.text,
  };
}
