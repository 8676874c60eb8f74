import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { memory } from "@wasi-kit/runner";
import type { MemoryTree, Preopen } from "@wasi-kit/runner";
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
    return { preopens: mapDirectories(test, (path, access) => ({ path: join(folder, path), access })) };
  },
  memory: (test: SuiteTest): Placed => ({
    preopens: mapDirectories(test, (path, access) => ({ fileSystem: memory(treeAt(test.files, path)), access })),
  }),
  "copy-on-write"(test: SuiteTest, folder: string): Placed {
    writeTree(folder, test.files);
    const before = readTree(folder);
    return {
      preopens: mapDirectories(test, (path, access) => ({
        path: join(folder, path),
        access: access === "read-only" ? access : "copy-on-write",
      })),
      check: () => (isDeepStrictEqual(readTree(folder), before) ? undefined : "the directory below was changed"),
    };
  },
  /** In memory, by the runner's browser build. */
  "in Chromium": (test: SuiteTest): Placed => ({
    preopens: mapDirectories(test, (path, access) => ({
      files: treeAt(test.files, path) satisfies MemoryTree,
      access,
    })),
  }),
};

function mapDirectories(
  { directories, readOnly = [] }: SuiteTest,
  place: (path: string, access: "read-only" | "read-write") => Preopen,
): Record<string, Preopen> {
  return Object.fromEntries(
    Object.entries(directories).map(([guestPath, path]) => [
      guestPath,
      place(path, readOnly.includes(guestPath) ? "read-only" : "read-write"),
    ]),
  );
}
