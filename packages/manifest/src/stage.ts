import { mkdtempSync, realpathSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compareTrees } from "./changes.ts";
import type { Change } from "./changes.ts";
import { ManifestError } from "./error.ts";
import type { ResolvedRun, RunGrants } from "./resolve.ts";
import { copyTree, removeTree } from "./tree.ts";

export { compareTrees, describeChange, describeEntry, listEntries } from "./changes.ts";
export type { Change, Entry, Found } from "./changes.ts";

/** The time of a run that declares none and that nobody watches, in milliseconds. */
export const defaultTimeoutMs = 10_000;

/** A run on copies of its directories. */
export interface Stage {
  /** What the run is granted, the copies in place of the directories. */
  options: RunGrants;
  /** What is different in each copy from its directory, by guest path; none of a directory that is not there. */
  changes(): [guestPath: string, changes: Change[]][];
  /** Removes the copies. */
  close(): void;
}

/**
 * Copies the directories that a run is granted to a temporary folder, so that
 * it can do there what it likes: the directories stay as they are, and runs can
 * go side by side. Directories that are the same, or of which one holds the
 * other, share a copy. One that is not there is left for the runner to refuse.
 *
 * @throws ManifestError `E_MANIFEST` where a directory can't be copied
 */
export function stageRun({ options }: ResolvedRun): Stage {
  const originals = Object.entries(options.preopens).map(([guestPath, preopen]) => ({
    guestPath,
    preopen,
    path: directoryAt(preopen.path),
  }));
  const outermost = withoutNested(originals.flatMap(({ path }) => path ?? []));
  if (outermost.length === 0) return { options, changes: () => [], close() {} };

  const folder = temporaryFolder();
  const copyOf = (path: string): string => {
    const i = outermost.findIndex((root) => isWithin(path, root));
    return `${folder}/${i}${path.slice((outermost[i] as string).length)}`;
  };
  try {
    for (const path of outermost) {
      refuseHolder(path, folder);
      copyTree(path, copyOf(path));
    }
  } catch (error) {
    removeTree(folder);
    throw error;
  }
  const preopens = originals.map(({ guestPath, preopen, path }) => [
    guestPath,
    path === undefined ? preopen : { ...preopen, path: copyOf(path) },
  ]);
  return {
    options: { ...options, preopens: Object.fromEntries(preopens) as RunGrants["preopens"] },
    changes: () =>
      originals.flatMap(({ guestPath, path }) =>
        path === undefined ? [] : [[guestPath, compareTrees(path, copyOf(path))]],
      ),
    close: () => removeTree(folder),
  };
}

/** The path without links of the directory at a path, without a slash at its end; undefined where there is none. */
function directoryAt(path: string): string | undefined {
  try {
    const real = realpathSync.native(path);
    return statSync(real).isDirectory() ? real.replace(/\/$/, "") : undefined;
  } catch {
    return undefined;
  }
}

const isWithin = (path: string, directory: string): boolean => path === directory || path.startsWith(`${directory}/`);

function withoutNested(paths: readonly string[]): string[] {
  const different = [...new Set(paths)];
  return different.filter((path) => !different.some((other) => other !== path && isWithin(path, other)));
}

// The copy would be copied as well, and its copy, and so on.
function refuseHolder(path: string, folder: string): void {
  if (!isWithin(folder, path)) return;
  throw new ManifestError(
    `${path || "/"} can't be copied for a run: the copy would lie inside it, in ${dirname(folder)}.\n` +
      "Grant a directory further down, or name another place for temporary files in TMPDIR.",
  );
}

function temporaryFolder(): string {
  try {
    return realpathSync.native(mkdtempSync(join(tmpdir(), "wasi-kit-run-")));
  } catch (cause) {
    throw new ManifestError(
      `A run gets copies of its directories, and there is no place for them: ${tmpdir()} can't be written (${(cause as NodeJS.ErrnoException).code}).\n` +
        "Name another place for temporary files in TMPDIR.",
      { cause },
    );
  }
}
