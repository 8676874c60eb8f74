import { runSync, WasiKitError } from "@wasi-kit/runner";
import type { RunResult, SyncRunOptions } from "@wasi-kit/runner";
import type { DeclaredRun } from "@wasi-kit/runner/explain";

/** What to run, before options add to what it is granted. */
export interface RunTarget {
  /** How messages call the module: its path, most often. */
  name: string;
  /** The module, if it is no file of its own. */
  bytes?: Uint8Array;
  options: SyncRunOptions;
  /** If a wasi.json declares it: that run. */
  declared?: DeclaredRun;
  /** Whether that run says what it reads from stdin. */
  declaresInput?: boolean;
}

/** Runs it with the host's stdin, unless the options have another. Returns what it throws if it can't be run. */
export function runTarget({ name, bytes }: RunTarget, options: SyncRunOptions): RunResult | WasiKitError {
  try {
    return runSync(bytes ?? name, { stdin: { fd: 0 }, ...options });
  } catch (error) {
    if (error instanceof WasiKitError) return error;
    throw error;
  }
}

/** The exit code of a program that can't be built: it can't be run either. */
export const notBuilt = 126;

/** The exit code if the guest ended well, and its output or its recording was lost. */
export const outputLost = 1;

/** The exit status for an exit code. A process has eight bits for it: cut to them, a failure could look like success. */
export const exitStatus = ({ exitCode }: { readonly exitCode: number }): number => Math.min(exitCode, 255);
