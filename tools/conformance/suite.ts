import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { FileSystemName } from "./file-systems.ts";
import type { SuiteTest } from "./suite-test.ts";

/** A suite that there is a reader for. */
export interface Suite {
  name: string;
  /** Its origin, as a sentence. */
  source: string;
  /** Its folder among the suites, or its path. */
  folder: string;
  /** What its files are run on. */
  fileSystems: readonly FileSystemName[];
  /** Reads the tests of a checkout. */
  read(checkout: string): SuiteTest[] | Promise<SuiteTest[]>;
  /** Numbers that others published for it, passed of all. */
  published?: Readonly<Record<string, number>>;
  /** Numbers of others that were measured with the same modules: see `other-runtimes.ts`. */
  measured?: Readonly<Record<string, number>>;
  /** The tests that are to fail, by group and name, with the reason. */
  refused?: Readonly<Record<string, string>>;
}

/** The modules in a directory, by name; none if there is no such directory. */
export function modulesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith(".wasm"));
  return names.toSorted().map((name) => join(directory, name));
}
