import { bytesOf } from "@wasi-kit/wasi";
import { inspectBytes } from "./inspection.ts";
import type { Inspection } from "./inspection.ts";
import { moduleName, readModule } from "./load-module.ts";
import { checkMagic } from "./module.ts";

/**
 * Describes what a module is, contains and asks for, from its bytes alone. The
 * module is not compiled or run, so it may use features that this Node.js does not
 * have. It is not validated either, and its code is not read.
 *
 * A file that is malformed or cut short does not throw: `malformed` says where and
 * how, and the rest is what was read up to that point.
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
