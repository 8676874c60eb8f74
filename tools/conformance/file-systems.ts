import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { memory } from "@wasi-kit/runner";
import type { Preopen } from "@wasi-kit/runner";
import type { SuiteTest } from "./suite-test.ts";
import { readTree, treeAt, writeTree } from "./tree.ts";

/** What a test's files are on. */
export type FileSystemName = keyof typeof fileSystems;

/** The directories of a test, for a run. */
interface Placed {
  preopens: Record<string, Preopen>;
  /** What is wrong with the files after the run, if anything is. */
  check?: () => string | undefined;
}

/**
 * Each kind of file system: places the files of a test.
 *
 * @param folder - an empty directory of the host
 */
export const fileSystems = {
  host(test: SuiteTest, folder: string): Placed {
    writeTree(folder, test.files);
    return { preopens: mapDirectories(test, (path) => join(folder, path)) };
  },
  memory: (test: SuiteTest): Placed => ({
    preopens: mapDirectories(test, (path) => memory(treeAt(test.files, path))),
  }),
  "copy-on-write"(test: SuiteTest, folder: string): Placed {
    writeTree(folder, test.files);
    const before = readTree(folder);
    return {
      preopens: mapDirectories(test, (path) => ({ path: join(folder, path), access: "copy-on-write" })),
      check: () => (isDeepStrictEqual(readTree(folder), before) ? undefined : "the directory below was changed"),
    };
  },
};

function mapDirectories({ directories }: SuiteTest, place: (path: string) => Preopen): Record<string, Preopen> {
  return Object.fromEntries(Object.entries(directories).map(([guestPath, path]) => [guestPath, place(path)]));
}
