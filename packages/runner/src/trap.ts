import type { Trap } from "./result.ts";

/**
 * Tells a trap from a defect of the host's: an error that the engine raised in
 * the guest's code. A stack overflow is a RangeError, in the guest as anywhere.
 *
 * @see https://webassembly.github.io/spec/js-api/#error-condition-mappings
 */
export function asTrap(error: unknown): Trap | undefined {
  const isOverflow = error instanceof RangeError && error.message === "Maximum call stack size exceeded";
  if (!(error instanceof WebAssembly.RuntimeError || isOverflow)) return undefined;
  return { message: error.message, frames: wasmFrames(error.stack ?? "") };
}

/** `    at name (wasm://wasm/x-1a2b:wasm-function[3]:0x1f)` becomes `name (wasm-function[3]:0x1f)`. */
function wasmFrames(stack: string): string[] {
  return [...stack.matchAll(/^ {4}at (?:(.+) \()?wasm:\/\/\S*?:(wasm-function\[\d+\]:0x[0-9a-f]+)/gm)].map(
    ([, name, place]) => (name ? `${name.replace(/^wasm-module\./, "")} (${place})` : `${place}`),
  );
}
