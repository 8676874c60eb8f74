import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import type { Build } from "@wasi-kit/manifest";
import { BuildError } from "./error.ts";
import { compilers } from "./language.ts";

/** What to build, and where to. */
export interface BuildTarget {
  /** The example's folder, absolute. */
  dir: string;
  /** The language that the source is written in. */
  language: Build["language"];
  /** The source's absolute path. */
  source: string;
  /** The absolute path that the module is written to. */
  module: string;
  /**
   * Keeps in the module what the frames of a trap need to name functions, files
   * and lines, which makes it larger; its code is the same. Default: `false`.
   */
  debug?: boolean;
  /** Told what is installed, and what a compiler warns of. Default: nobody. */
  log?: (line: string) => void;
}

/**
 * Compiles a source and writes the module. A build that fails removes the
 * module of an earlier one, so that nothing stale runs; one that succeeds
 * replaces it in one step.
 *
 * @returns the module's size in bytes
 * @throws BuildError `E_SOURCE_NOT_FOUND`, `E_COMPILE` or `E_TOOLCHAIN`
 */
export async function build({
  dir,
  language,
  source,
  module,
  debug = false,
  log = () => {},
}: BuildTarget): Promise<number> {
  try {
    await checkSource(source);
    const { compile } = await compilers[language]();
    const bytes = await compile({ dir, source, module, debug, log });
    await replace(module, bytes);
    return bytes.length;
  } catch (error) {
    await rm(module, { force: true });
    throw error;
  }
}

async function checkSource(source: string): Promise<void> {
  if ((await stat(source).catch(() => undefined))?.isFile()) return;
  const path = relative(process.cwd(), source);
  throw new BuildError(
    "E_SOURCE_NOT_FOUND",
    `There is no source at ${path}.\nCreate it, or name another in wasi.json as build.source.`,
  );
}

/** Writes beside and renames: a reader finds the old file or the new one, never half of one. */
async function replace(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(beside, bytes);
    await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}
