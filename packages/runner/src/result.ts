import type { Diagnostics } from "./explain/recorder.ts";
import type { LoadedModule } from "./module/load-module.ts";
import type { RunChanges } from "./preopens/open-preopens.ts";
import type { TracedCall } from "./trace/traced-call.ts";
import { createTrap } from "./trap/trap.ts";
import type { RaisedTrap, Trap } from "./trap/trap.ts";

/** How a run ended. */
export type Outcome = keyof typeof exitCodes;

/**
 * The exit code for an outcome for which the guest gave none: 134, 130 and 141
 * are what a shell reports after an abort, Ctrl-C and SIGPIPE, 124 is that of
 * timeout(1).
 */
const exitCodes = {
  exited: undefined,
  trapped: 134,
  "out-of-memory": 134,
  "output-limit": 134,
  "timed-out": 124,
  "broken-pipe": 141,
  aborted: 130,
} as const;

/** What a run did. */
export interface RunResult {
  /**
   * `exited`: it returned from `_start` or called `proc_exit`. `trapped`: the
   * engine stopped it. `out-of-memory`: it trapped when it had all the memory
   * that `maxMemoryBytes` allows, or filled that of its worker. `output-limit`:
   * it wrote more than `maxOutputBytes`. `timed-out`: it did not end within
   * `timeoutMs`. `broken-pipe`: nobody reads its output any more. `aborted`: its
   * `signal` or Ctrl-C ended it.
   */
  outcome: Outcome;
  /** The guest's exit code (0 to 4294967295); 134 for a trap, memory or output, 124 for time, 141 for a broken pipe, 130 if it was aborted. */
  exitCode: number;
  /** What it wrote to stdout, decoded as UTF-8; empty if stdout was not captured. */
  stdout: string;
  /** What it wrote to stderr, decoded as UTF-8; empty if stderr was not captured. */
  stderr: string;
  /** `stdout` before it was decoded. */
  stdoutBytes: Uint8Array;
  /** `stderr` before it was decoded. */
  stderrBytes: Uint8Array;
  /** From instantiation to the end, in milliseconds. */
  durationMs: number;
  /** The size of the memory that the guest exports, at its end, in bytes: a memory never shrinks. */
  memoryBytes: number;
  /** How it trapped, if `outcome` is `trapped` or `out-of-memory`. */
  trap?: Trap;
  /** If `trace` is `true`: the calls that the guest made, the first 100,000 of them. */
  trace?: readonly TracedCall[];
  /**
   * The streams whose last output was lost, `"stdout"` or `"stderr"`: it was
   * buffered, and the host then failed to write it (a full disk, a descriptor
   * that is for reading), when the guest could not be notified any more.
   */
  lostOutput?: readonly string[];
  /**
   * If a directory is copy-on-write or in memory: what the run changed in it, by its guest path. Directories that
   * overlap are one, and its changes are listed by the guest path of the outermost.
   */
  changes?: RunChanges;
  /**
   * `true` if a directory of the host was held by its path, since this host has no names for descriptors: another
   * process could have led the guest out of it.
   */
  mayRace?: true;
  /** What `explain` needs to know of the run. Absent if its worker was terminated. */
  diagnostics?: Diagnostics;
}

/** How a guest ended. */
export type Termination =
  | { readonly outcome: "exited"; readonly exitCode: number }
  | { readonly outcome: "trapped" | "out-of-memory"; readonly trap?: RaisedTrap }
  | { readonly outcome: "output-limit" | "timed-out" | "broken-pipe" | "aborted" };

/** What was observed of a run besides its output and how it ended. */
export type RunReport = Pick<
  RunResult,
  "durationMs" | "memoryBytes" | "trace" | "lostOutput" | "changes" | "mayRace" | "diagnostics"
>;

/** A run that ended: plain data, so that a worker can send it. */
export interface CompletedRun {
  readonly termination: Termination;
  readonly report: RunReport;
}

/** A termination as a result has it. */
export function describeTermination(
  termination: Termination,
  loaded: LoadedModule,
): Pick<RunResult, "outcome" | "exitCode" | "trap"> {
  const { outcome } = termination;
  if (outcome === "exited") return termination;
  const trap = "trap" in termination && termination.trap ? { trap: createTrap(termination.trap, loaded) } : {};
  return { outcome, exitCode: exitCodes[outcome], ...trap };
}

/** Puts a result together. */
export function createResult(
  { termination, report }: CompletedRun,
  loaded: LoadedModule,
  stdoutBytes: Buffer,
  stderrBytes: Buffer,
): RunResult {
  return {
    ...describeTermination(termination, loaded),
    stdout: stdoutBytes.toString(),
    stderr: stderrBytes.toString(),
    stdoutBytes,
    stderrBytes,
    ...report,
  };
}
