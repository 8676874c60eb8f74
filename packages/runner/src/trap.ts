import { framesOf } from "./debug/frames.ts";
import type { LoadedModule } from "./module.ts";
import type { Trap } from "./result.ts";

/** How many frames a trap has at most. V8's own 10 would all be those of Rust's panic, and none what led to it. */
const mostFrames = 50;

/** Calls a guest so that an error thrown in it knows {@link mostFrames} of its frames. */
export function withFrames<T>(call: () => T): T {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = mostFrames;
  try {
    return call();
  } finally {
    Error.stackTraceLimit = before;
  }
}

/**
 * Tells a trap from a defect of the host's: an error that the engine raised in
 * the guest's code. A stack overflow is a RangeError, in the guest as anywhere.
 *
 * @see https://webassembly.github.io/spec/js-api/#error-condition-mappings
 */
export function asTrap(error: unknown, loaded: LoadedModule): Trap | undefined {
  const isOverflow = error instanceof RangeError && error.message === "Maximum call stack size exceeded";
  if (!(error instanceof WebAssembly.RuntimeError || isOverflow)) return undefined;
  return { message: error.message, frames: framesOf(error, loaded) };
}
