import type { MemoryTree } from "@wasi-kit/runner";

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
  exitCode: number;
  /** What it must print, if the suite says so. */
  stdout?: string;
  stderr?: string;
}
