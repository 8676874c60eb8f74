import { copyOnWrite as copyOnWriteOver } from "@wasi-kit/wasi";
import type { CopyOnWrite, CopyOnWriteOptions, FileSystem } from "@wasi-kit/wasi";
import { hostDirectory, spillFile } from "@wasi-kit/wasi/node";

/**
 * A view of a directory that keeps the changes of runs, and never changes the
 * directory itself. Changes that are too large for memory go to a temporary file
 * without a name.
 *
 * @example
 * const view = copyOnWrite("src");
 * await run("build.wasm", { preopens: { "/src": view } });
 * console.log(view.changes());
 * @param lower - a path on the host, or another file system
 */
export const copyOnWrite = (lower: string | FileSystem, options: CopyOnWriteOptions = {}): CopyOnWrite =>
  copyOnWriteOver(typeof lower === "string" ? hostDirectory(lower) : lower, { spill: spillFile, ...options });
