import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { WasiKitError } from "@wasi-kit/runner";
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
  if (!target.endsWith(".wat")) return { path: target, source: target };
  if (!existsSync(target)) throw new WasiKitError("E_MODULE_NOT_FOUND", `There is no module at ${target}.`);
  const { BuildError, compileInMemory } = await import("@wasi-kit/compiler");
  try {
    return { path: target, source: await compileInMemory(target) };
  } catch (cause) {
    if (!(cause instanceof BuildError)) throw cause;
    throw new WasiKitError("E_NOT_WASM", cause.message, { cause });
  }
}

/** Its bytes. */
export const bytesOfModule = async ({ source }: NamedModule): Promise<Uint8Array> =>
  typeof source === "string" ? readFile(source) : source;
