import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A test of a suite: a module, what it is run with, and what it must do. */
export interface SuiteTest {
  /** What tests are counted by: `"rust"`, `"c"`, … */
  group: string;
  name: string;
  /** The `.wasm` file. */
  module: string;
  args: string[];
  env: Record<string, string>;
  stdin: string;
  /** Directories, guest path to the suite's directory: each run gets a fresh copy. */
  directories: Record<string, string>;
  exitCode: number;
  /** What it must print, where the suite says. */
  stdout?: string;
  stderr?: string;
}

/** What a checkout holds. */
export interface Suite {
  name: string;
  tests: SuiteTest[];
  /** Numbers that others published for it, passed of all. */
  published: Record<string, number>;
}

/** The modules in a directory, by name; none where there is no such directory. */
export function modulesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith(".wasm"));
  return names.toSorted().map((name) => join(directory, name));
}
