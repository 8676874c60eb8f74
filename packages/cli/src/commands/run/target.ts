import { existsSync, readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { WasiKitError } from "@wasi-kit/runner";
import { UsageError } from "../../command-line/command.ts";
import type { ParsedArgs } from "../../command-line/command.ts";
import { compileWatFile } from "../../programs/compile-wat-file.ts";
import { isFolder } from "../../programs/is-folder.ts";
import type { FailedRun } from "@wasi-kit/runner/explain";
import type { RunTarget } from "./run-target.ts";

/** What an explanation needs to know of it. */
export const failedRun = ({ name, bytes, declared }: RunTarget): Pick<FailedRun, "module" | "bytes" | "declared"> => ({
  module: name,
  ...(bytes && { bytes }),
  ...(declared && { declared }),
});

/**
 * Loads what is to be run: a run of the wasi.json in a folder, a module, a .wat
 * file, which is compiled in memory, or `-` for a module on stdin.
 *
 * @returns undefined if a program can't be built: a message says why
 * @throws UsageError, ManifestError; WasiKitError `E_MODULE_NOT_FOUND`, `E_NOT_WASM`
 */
export async function loadTarget(target: string, { values }: ParsedArgs): Promise<RunTarget | undefined> {
  if (isFolder(target)) return loadRun(target, values);
  if (values["run"] !== undefined) {
    throw new UsageError(`--run names a run of a program, and ${target} is no folder.`);
  }
  if (target === "-") return { name: "the module on stdin", bytes: readStdin(), options: {} };
  // What is to be a .wasm file the runner looks for.
  if (target.endsWith(".wasm")) return { name: target, options: {} };
  if (target.endsWith(".wat")) {
    const bytes = await compileWatFile(target);
    return { name: target, bytes, options: { argv0: basename(target).replace(/wat$/, "wasm") } };
  }
  if (existsSync(target)) return { name: target, options: {} };
  throw new WasiKitError("E_MODULE_NOT_FOUND", `There is neither a folder nor a module at ${target}.`);
}

function readStdin(): Uint8Array {
  if (process.stdin.isTTY) throw new UsageError("- reads a module from stdin: wasi-kit run - < hello.wasm");
  return readFileSync(0);
}

async function loadRun(folder: string, values: ParsedArgs["values"]): Promise<RunTarget | undefined> {
  const { readProgram, resolveRun } = await import("@wasi-kit/manifest");
  const program = await readProgram(folder);
  if (!values["no-build"]) {
    const { buildStale } = await import("../../programs/build-programs.ts");
    if (!(await buildStale([program]))) return undefined;
  }
  const { module, options, declared } = resolveRun(program, values["run"] as string | undefined);
  const declaresInput = declared.runs[declared.name]?.stdin !== undefined;
  return { name: relative(process.cwd(), module), options, declared, declaresInput };
}
