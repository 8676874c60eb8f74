import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "@wasi-kit/compiler";
import { functions } from "@wasi-kit/wasi/abi";
import type { ParameterType } from "@wasi-kit/wasi/abi";

const sixtyFour: ReadonlySet<ParameterType> = new Set(["u64", "i64", "timestamp", "rights", "dircookie"]);

/** All functions of WASI preview 1 as imports of a WAT module: `$path_open`, `$fd_close`, … */
export const imports: string = Object.entries(functions)
  .map(([name, parameters]) => {
    const types = parameters.map(([, type]) => (sixtyFour.has(type) ? "i64" : "i32"));
    const result = name === "proc_exit" ? "" : " (result i32)";
    return `(import "wasi_snapshot_preview1" "${name}" (func $${name} (param ${types.join(" ")})${result}))`;
  })
  .join("\n  ");

/** Compiles WAT into a module in a folder, and gives its path. */
export async function assemble(folder: string, name: string, text: string): Promise<string> {
  const [source, module] = [join(folder, `${name}.wat`), join(folder, `${name}.wasm`)];
  writeFileSync(source, text);
  await build({ dir: folder, language: "wat", source, module });
  return module;
}
