import type { FixedClock, MemoryTree } from "@wasi-kit/runner";

/** A test of a suite: a module, what it is run with, and what it must do. */
export interface SuiteTest {
  /** What tests are counted by: `"rust"`, `"c"`, … */
  group: string;
  name: string;
  /** The `.wasm` file. */
  module: string;
  /** Default: the module's file name. */
  argv0?: string;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  stdin?: string;
  /** All files that there are at its start. Each run gets its own. */
  files: MemoryTree;
  /** What it is granted of them: guest path to a path in `files`. */
  directories: Readonly<Record<string, string>>;
  /** The directories of these that it may not write. Default: none. */
  readOnly?: readonly string[];
  /** What else it is run with. */
  options?: { readonly clock?: FixedClock; readonly randomSeed?: number; readonly wasi?: boolean };
  /** What it must end with, or if it can't be started, the exit code for that. */
  exitCode: number;
  /** What it must print, if the suite says so. */
  stdout?: string;
  stderr?: string;
  /** For a module that has many tests: reads what each did from what was printed. */
  parts?: (printed: Printed) => Part[];
  /** Whether it is run on each file system of its suite, and not on the first alone. Default: `true`. */
  usesFiles?: boolean;
}

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** A test among those of a module. */
export interface Part {
  /** What it is counted by. Default: as its module. */
  group?: string;
  name: string;
  /** Why it failed, in a line. */
  failure?: string;
}
