import type { RunStats } from "./explain/call-counts.ts";
import type { Diagnostics } from "./explain/recorder.ts";
import type { Host } from "./host/host.ts";
import type { LimitName } from "./limits/limits.ts";
import type { RunTermination } from "./limits/run-termination.ts";
import type { LoadedModule } from "./module/module.ts";
import { exitCodes } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import type { RunChanges } from "./preopens/open-preopens.ts";
import { utf8Text } from "./text/bytes.ts";
import type { TracedCall } from "./trace/traced-call.ts";
import { createTrap } from "./trap/trap.ts";
import type { RaisedTrap, Trap } from "./trap/trap.ts";

/** What a run did. */
export interface RunResult {
  /**
   * `exited`: the guest returned from `_start` or called `proc_exit`. `trapped`: the
   * engine stopped it. `out-of-memory`: it trapped when it had all the memory
   * that `maxMemoryBytes` allows, or filled the heap of its worker. `output-limit`:
   * it wrote more than `maxOutputBytes`. `input-limit`: it read more than
   * `maxInputBytes`. `call-limit`: it made more calls than `maxCalls`. `timed-out`:
   * it did not end within `timeoutMs`. `cpu-limit`: it used more CPU time than
   * `maxCpuMs`. `broken-pipe`: it wrote to a pipe that nobody reads any more.
   * `aborted`: its `signal` or Ctrl-C ended it. `host-error`: a function of the host
   * that it called threw an error, see `imports`.
   */
  outcome: Outcome;
  /**
   * The guest's exit code (0 to 4294967295). If it gave none: 124 for `timed-out`,
   * 130 for `aborted`, 141 for `broken-pipe`, 152 for `cpu-limit`, and 134 otherwise.
   */
  exitCode: number;
  /** What the guest wrote to stdout, decoded as UTF-8; empty if stdout was not captured. */
  stdout: string;
  /** What the guest wrote to stderr, decoded as UTF-8; empty if stderr was not captured. */
  stderr: string;
  /** `stdout` as bytes. */
  stdoutBytes: Uint8Array;
  /** `stderr` as bytes. */
  stderrBytes: Uint8Array;
  /** The time from instantiation to the end, in milliseconds. */
  durationMs: number;
  /**
   * The CPU time that its thread used within `durationMs`, in milliseconds. Absent in browsers, and before Node.js 24
   * except on Linux, where it is counted in steps of a few milliseconds: that of a short run may be 0.
   */
  cpuMs?: number;
  /** How long the run waited in the queue of a pool, and in browsers for its module, in milliseconds. In a pool only. */
  queueMs?: number;
  /**
   * The size of the memory that the guest exports, at the end of the run, in bytes.
   * A memory never shrinks, so this is also its peak. 0 if the worker was terminated.
   */
  memoryBytes: number;
  /** How the guest trapped, if `outcome` is `trapped` or `out-of-memory`. */
  trap?: Trap;
  /** Which function threw what, if `outcome` is `host-error`. */
  hostError?: HostError;
  /**
   * The limit that the run reached, by the name of its option: the limit that ended
   * it; otherwise the first limit that made a call fail; otherwise the limit that its
   * memory or a table has reached. Absent if it reached none.
   */
  limit?: LimitName;
  /** If `trace` is `true`: the first 100,000 calls that the guest made. */
  trace?: readonly TracedCall[];
  /**
   * The streams whose last output was lost, `"stdout"` or `"stderr"`. It was buffered
   * or on its way when the guest's call returned, and the host then failed to write
   * it: the disk was full, the descriptor was for reading, or the stream was closed.
   */
  lostOutput?: readonly string[];
  /** If the stream for stdout or stderr failed before it had taken all output: its error, if it gave one. */
  outputErrors?: { readonly stdout?: unknown; readonly stderr?: unknown };
  /**
   * What the run changed in directories that are copy-on-write or in memory, by guest path. Overlapping directories
   * count as one, whose changes are listed under the guest path of the outermost.
   */
  changes?: RunChanges;
  /**
   * `true` if the run held a directory of the host by its path, since this host has no names for descriptors. Another
   * process could have led the guest out of that directory.
   */
  mayRace?: true;
  /**
   * With `record`: the recording, as a gzip file for `replay` or `wasi-kit replay`.
   * Absent if the worker was terminated.
   */
  recording?: Uint8Array;
  /** How many calls it made, and how many bytes it read and wrote. Absent in a browser if the worker was terminated. */
  stats?: RunStats;
  /** What `explain` needs to know about the run. Absent if the worker was terminated. */
  diagnostics?: Diagnostics;
}

/** A function of the host that threw when a guest called it. */
export interface HostError {
  /** The function, as the guest imports it: `env.log`. */
  readonly function: string;
  /** What it threw. If it threw in a worker: an `Error` with the same name, message and stack. */
  readonly error: unknown;
}

/** How a guest ended, and the limit that it reached, if there is one. */
export type Termination = { readonly limit?: LimitName | undefined } & (
  | { readonly outcome: "exited"; readonly exitCode: number }
  | { readonly outcome: "trapped" | "out-of-memory"; readonly trap?: RaisedTrap | undefined }
  | { readonly outcome: "host-error"; readonly hostError: HostError }
  | { readonly outcome: RunTermination["outcome"] }
);

/** What was observed of a run besides its output and how it ended. */
export type RunReport = Pick<
  RunResult,
  | "durationMs"
  | "cpuMs"
  | "memoryBytes"
  | "trace"
  | "lostOutput"
  | "changes"
  | "mayRace"
  | "stats"
  | "diagnostics"
  | "recording"
>;

/** A run that ended: plain data, so that a worker can send it. */
export interface CompletedRun {
  readonly termination: Termination;
  readonly report: RunReport;
  /** What a function of a library returned, if it did. */
  readonly returned?: { readonly value: unknown };
}

/** A termination as a result has it. */
export function describeTermination(
  termination: Termination,
  loaded: LoadedModule,
  host: Host,
): Pick<RunResult, "outcome" | "exitCode" | "trap" | "hostError" | "limit"> {
  const { outcome, limit } = termination;
  const exitCode = outcome === "exited" ? termination.exitCode : exitCodes[outcome];
  const trap = "trap" in termination && termination.trap ? { trap: createTrap(termination.trap, loaded, host) } : {};
  const hostError = outcome === "host-error" ? { hostError: termination.hostError } : {};
  return { outcome, exitCode, ...trap, ...hostError, ...(limit ? { limit } : {}) };
}

/** Puts a result together. */
export function createResult(
  { termination, report }: CompletedRun,
  loaded: LoadedModule,
  stdoutBytes: Uint8Array,
  stderrBytes: Uint8Array,
  host: Host,
): RunResult {
  return {
    ...describeTermination(termination, loaded, host),
    stdout: utf8Text(stdoutBytes),
    stderr: utf8Text(stderrBytes),
    stdoutBytes,
    stderrBytes,
    ...report,
  };
}
