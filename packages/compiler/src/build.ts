import { rm, stat } from "node:fs/promises";
import { relative } from "node:path";
import { isCurrent, wasBuiltForDebugging, writeRecord } from "./record/build-record.ts";
import type { Buildable } from "./record/build-record.ts";
import { BuildError } from "./error.ts";
import { createInputRecorder } from "./record/inputs.ts";
import { languages } from "./languages/index.ts";
import { replaceFile } from "./system/replace-file.ts";
import { describeSystemError } from "./system/system-error.ts";

/** What to build, where to, and how. */
export interface BuildTarget extends Buildable {
  /** Builds it even if the module is current. Default: `false`. */
  force?: boolean;
  /** Called with a line for what is installed, and for a compiler's warnings. Default: they are dropped. */
  log?: (line: string) => void;
  /** Ends the build: the compiler if it is a process, or else before the module is written. Default: nothing. */
  signal?: AbortSignal;
}

/** What a build did. */
export interface BuildResult {
  /** The module's size in bytes. */
  size: number;
  /** Whether it was current, and nothing had to be done. */
  wasCurrent: boolean;
}

/**
 * Compiles a source and writes the module, unless the module is what that would
 * make: see {@link isCurrent}. A build that fails removes the module of an
 * earlier one, so that nothing stale runs; one that succeeds replaces it in one
 * step.
 *
 * @throws BuildError `E_SOURCE_NOT_FOUND`, `E_COMPILE`, `E_TOOLCHAIN` or `E_SYSTEM`; the signal's reason
 */
export async function build({
  force = false,
  log = () => {},
  signal,
  ...buildable
}: BuildTarget): Promise<BuildResult> {
  const { dir, language, source, module, debug = wasBuiltForDebugging(module) } = buildable;
  if (!force && (await isCurrent(buildable))) return { size: (await stat(module)).size, wasCurrent: true };
  try {
    await checkSource(source);
    const inputs = createInputRecorder(dir);
    const bytes = await languages[language].compile({ dir, source, module, debug, inputs, log, signal });
    // Before the module: whoever sees a new module finds out what it is, and a record without its module is of no use.
    await writeRecord({ ...buildable, debug }, bytes, inputs.inputs());
    signal?.throwIfAborted();
    replaceFile(module, bytes);
    return { size: bytes.length, wasCurrent: false };
  } catch (error) {
    // The first error is the one to report.
    await rm(module, { force: true }).catch(() => {});
    const refused = describeSystemError(error);
    throw refused === undefined ? error : new BuildError("E_SYSTEM", refused, { cause: error });
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
