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
   * `exited`: it returned from `_start` or called `proc_exit`. `trapped`: the
   * engine stopped it. `out-of-memory`: it trapped when it had all the memory
   * that `maxMemoryBytes` allows, or filled that of its worker. `output-limit`:
   * it wrote more than `maxOutputBytes`. `input-limit`: it read more than
   * `maxInputBytes`. `call-limit`: it made more calls than `maxCalls`. `timed-out`:
   * it did not end within `timeoutMs`. `cpu-limit`: it used more CPU time than
   * `maxCpuMs`. `broken-pipe`: nobody reads its output any more. `aborted`: its
   * `signal` or Ctrl-C ended it. `host-error`: a function of the host that it called
   * threw, see `imports`.
   */
  outcome: Outcome;
  /** The guest's exit code (0 to 4294967295); 134 for a trap, memory, output, input, calls or a host's error, 124 for time, 152 for CPU time, 141 for a broken pipe, 130 if it was aborted. */
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
  /** The CPU time of its thread meanwhile, in milliseconds. Absent if the host does not say: on Linux it does, elsewhere Node.js from 24 on. */
  cpuMs?: number;
  /** How long it waited for a worker before that, in milliseconds, if a pool made it. */
  queueMs?: number;
  /** The size of the memory that the guest exports, at its end, in bytes: its peak, since a memory never shrinks. 0 if its worker was terminated. */
  memoryBytes: number;
  /** How it trapped, if `outcome` is `trapped` or `out-of-memory`. */
  trap?: Trap;
  /** What threw, if `outcome` is `host-error`. */
  hostError?: HostError;
  /**
   * The limit that it ran into, by the name of its option: the one that ended it,
   * or else the first because of which a call failed, or else the one up to which
   * it grew. Absent if there is none.
   */
  limit?: LimitName;
  /** If `trace` is `true`: the calls that the guest made, the first 100,000 of them. */
  trace?: readonly TracedCall[];
  /**
   * The streams whose last output was lost, `"stdout"` or `"stderr"`: it was
   * buffered or on its way, and the host then failed to write it (a full disk, a
   * descriptor that is for reading, a stream that was closed), when the guest could
   * not be notified any more.
   */
  lostOutput?: readonly string[];
  /** What the streams failed with that took no more of stdout or stderr, if they gave a reason. */
  outputErrors?: { readonly stdout?: unknown; readonly stderr?: unknown };
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
  /**
   * If it was recorded: the file of the recording (gzip), for `replay` or
   * `wasi-kit replay`. Absent if its worker was terminated.
   */
  recording?: Uint8Array;
  /** What its calls amount to. Absent in a browser if its worker was terminated. */
  stats?: RunStats;
  /** What `explain` needs to know of the run. Absent if its worker was terminated. */
  diagnostics?: Diagnostics;
}

/** A function of the host that threw when a guest called it. */
export interface HostError {
  /** The function, as the guest imports it: `env.log`. */
  readonly function: string;
  /** What it threw. From a worker comes an `Error` with the same name, message and stack. */
  readonly error: unknown;
}

/** How a guest ended, and the limit that it ran into, if there is one. */
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
