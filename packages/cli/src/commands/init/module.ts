import { readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { inspect } from "@wasi-kit/runner";
import { UsageError } from "../../command-line/command.ts";

/** The modules in a folder: their names. */
export const findModules = (dir: string): string[] =>
  readdirSync(dir)
    .filter((name) => name.endsWith(".wasm"))
    .toSorted();

/** A module that is there as it is, and what wasi.json says of it. */
interface FoundModule {
  label: string;
  name: string;
  description: undefined;
  module: string;
  isCommand: boolean;
}

/**
 * Describes a module by its bytes.
 *
 * @throws UsageError if it is a component, which can't be run
 * @throws WasiKitError `E_NOT_WASM`
 */
export async function detectModule(dir: string, file: string): Promise<FoundModule> {
  const { kind } = await inspect(join(dir, file));
  if (kind === "component") {
    throw new UsageError(`${file} is a component, and wasi-kit runs modules. Build it for WASI preview 1.`);
  }
  const name = basename(file, ".wasm");
  return {
    label: `the module ${relative(process.cwd(), join(dir, file))}`,
    name,
    description: undefined,
    module: file,
    isCommand: kind === "command",
  };
}
