import { rm, stat } from "node:fs/promises";
import { relative } from "node:path";
import { isCurrent, wasBuiltForDebugging, writeRecord } from "./record/build-record.ts";
import { checkBuildTarget } from "./build-options.ts";
import type { BuildTarget } from "./build-options.ts";
import { BuildError } from "./error.ts";
import { createInputRecorder } from "./record/inputs.ts";
import { sourceFiles } from "./record/sources.ts";
import type { Buildable } from "./record/sources.ts";
import type { BuildOptions } from "./languages/language.ts";
import { runBuildCommand } from "./run-build-command.ts";
import { loadCompiler } from "./languages/load-compiler.ts";
import { replaceFile } from "./system/replace-file.ts";
import { describeSystemError } from "./system/system-error.ts";

/** What a build did. */
export interface BuildResult {
  /** The module's size in bytes. */
  size: number;
  /** Whether it was current, and nothing had to be done. */
  wasCurrent: boolean;
}

/**
 * Compiles a source and writes the module, or has a command make it, unless the module is what that would
 * make: see {@link isCurrent}. A build that fails removes the module of an
 * earlier one, so that nothing stale runs; one that succeeds replaces it in one
 * step.
 *
 * @throws BuildError `E_OPTION`, `E_SOURCE_NOT_FOUND`, `E_COMPILE`, `E_TOOLCHAIN` or `E_SYSTEM`; the signal's reason
 */
export async function build(target: BuildTarget): Promise<BuildResult> {
  checkBuildTarget(target, "build()");
  const { force = false, log = () => {}, signal, ...buildable } = target;
  const { dir, module, debug = wasBuiltForDebugging(module) } = buildable;
  if (!force && (await isCurrent(buildable))) return { size: (await stat(module)).size, wasCurrent: true };
  try {
    await checkSources(buildable);
    const inputs = createInputRecorder(dir);
    const bytes = await make(buildable, { debug, inputs, log, signal });
    // Before the module: whoever sees a new module finds out what it is, and a record without its module is of no use.
    await writeRecord({ ...buildable, debug }, bytes, inputs.inputs());
    signal?.throwIfAborted();
    if (!("command" in buildable)) replaceFile(module, bytes);
    return { size: bytes.length, wasCurrent: false };
  } catch (error) {
    // The first error is the one to report.
    await rm(module, { force: true }).catch(() => {});
    const refused = describeSystemError(error);
    throw refused === undefined ? error : new BuildError("E_SYSTEM", refused, { cause: error });
  }
}

/** The bytes of the module. A command has written them, too. */
async function make(buildable: Buildable, options: BuildOptions): Promise<Uint8Array> {
  if ("command" in buildable) return runBuildCommand(buildable, options);
  const { dir, language, source, module } = buildable;
  const compile = await loadCompiler(language);
  return compile({ dir, source, module, ...options });
}

async function checkSources(buildable: Buildable): Promise<void> {
  if ((await sourceFiles(buildable)).length > 0) return;
  throw new BuildError(
    "E_SOURCE_NOT_FOUND",
    "command" in buildable
      ? `There is no file that fits ${buildable.inputs.join(", ")} in ${relative(process.cwd(), buildable.dir) || "this folder"}.\nName in wasi.json as build.inputs what the module is made of.`
      : `There is no source at ${relative(process.cwd(), buildable.source)}.\nCreate it, or name another in wasi.json as build.source.`,
  );
}
