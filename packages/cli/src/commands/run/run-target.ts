import type { SyncRunOptions } from "@wasi-kit/runner";
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
}
