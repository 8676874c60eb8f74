import { bytesOf } from "@wasi-kit/wasi";
import { inspectBytes } from "./inspection.ts";
import type { Inspection } from "./inspection.ts";
import { moduleName, readModule } from "./load-module.ts";
import { checkMagic } from "./module.ts";

/**
 * Says what a module is, holds and asks for, from its bytes alone: it is not
 * compiled, let alone run, and need not be one that this Node.js can run. It is
 * read, not validated: code is not looked at.
 *
 * A file that is cut short or broken does not throw either: `malformed` says
 * where and how, and the rest is what could be read until there.
 *
 * @param source - the path of a `.wasm` file, or its bytes
 * @throws WasiKitError `E_MODULE_NOT_FOUND`, or `E_NOT_WASM` if the bytes don't begin as WebAssembly does
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */
export async function inspect(source: string | URL | ArrayBuffer | ArrayBufferView): Promise<Inspection> {
  const name = moduleName(source);
  const bytes = bytesOf(source) ?? readModule(source as string | URL, name);
  checkMagic(bytes, name);
  return inspectBytes(bytes);
}
