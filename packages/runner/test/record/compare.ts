import { explain } from "../../src/explain/explain.ts";
import type { SyncRunOptions } from "../../src/options.ts";
import type { RunResult } from "../../src/result.ts";

/** What a replay has in common with the run that was recorded: all but times, and changes to directories. */
export const comparable = (result: RunResult, options: SyncRunOptions = {}): object => ({
  ...comparableFacts(result),
  explanation: explain({ options, end: result })?.text,
});

/** The same, without the explanation that is made of it: of a result that came from another process, too. */
export function comparableFacts(result: RunResult): object {
  const { durationMs: _, cpuMs: _cpu, changes: _c, recording: _r, mayRace: _m, trace = [], trap, ...same } = result;
  return {
    ...same,
    // To compare bytes as bytes takes seconds.
    stdoutBytes: String(same.stdoutBytes),
    stderrBytes: String(same.stderrBytes),
    trap: trap && { message: trap.message, frames: trap.frames },
    trace: trace.map(({ durationMs: _d, ...call }) => call),
  };
}
