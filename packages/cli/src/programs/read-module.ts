import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { compileWatFile } from "./compile-wat-file.ts";
import { isFolder } from "./is-folder.ts";

/** A module that is to be looked into. */
export interface NamedModule {
  /** How messages and commands call it: the path of its file. */
  path: string;
  /** The same, or its bytes if it was compiled for this. */
  source: string | Uint8Array;
}

/**
 * Finds the module of the program in a folder, or takes a file: a .wat file is compiled in memory, as `wasi-kit run` does.
 *
 * @throws ManifestError; WasiKitError `E_NOT_WASM` with the compiler's message, `E_MODULE_NOT_FOUND`
 */
export async function findModule(target: string): Promise<NamedModule> {
  if (isFolder(target)) {
    const { modulePath, readProgram } = await import("@wasi-kit/manifest");
    const path = relative(process.cwd(), modulePath(await readProgram(target)));
    return { path, source: path };
  }
  return { path: target, source: target.endsWith(".wat") ? await compileWatFile(target) : target };
}

/** Its bytes. */
export const bytesOfModule = async ({ source }: NamedModule): Promise<Uint8Array> =>
  typeof source === "string" ? readFile(source) : source;
