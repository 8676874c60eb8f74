import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { MemoryTree } from "@wasi-kit/runner";
import type { FileSystemName } from "./file-systems.ts";

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

/** A suite that there is a reader for. */
export interface Suite {
  name: string;
  /** Where it is from, as a sentence. */
  source: string;
  /** Its folder among the suites. */
  folder: string;
  /** What its files are run on. */
  fileSystems: readonly FileSystemName[];
  /** Reads the tests of a checkout. */
  read(checkout: string): SuiteTest[];
  /** Numbers that others published for it, passed of all. */
  published?: Readonly<Record<string, number>>;
}

/** The modules in a directory, by name; none if there is no such directory. */
export function modulesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith(".wasm"));
  return names.toSorted().map((name) => join(directory, name));
}
