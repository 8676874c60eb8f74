import { dirname, resolve } from "node:path";
import { createInputRecorder } from "../../record/inputs.ts";

/**
 * Compiles a .wat file to the bytes of a module, with its names and lines, and writes nothing.
 *
 * @param path - the file
 * @throws BuildError `E_COMPILE` with wabt's message; what node:fs throws if the file can't be read
 */
export async function compileInMemory(path: string): Promise<Uint8Array> {
  const source = resolve(path);
  const dir = dirname(source);
  const { compile } = await import("./compile.ts");
  return compile({
    dir,
    source,
    module: source.replace(/\.wat$/, ".wasm"),
    debug: true,
    inputs: createInputRecorder(dir),
    log: () => {},
  });
}
