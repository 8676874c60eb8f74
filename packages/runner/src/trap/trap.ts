import { resolveFrames } from "@wasi-kit/wasm/debug";
import type { CallSite, Frame } from "@wasi-kit/wasm/debug";
import { callSitesOf } from "./call-sites.ts";
import { isEngineError } from "../realm/engine-error.ts";
import type { LoadedModule } from "../module/load-module.ts";
import type { Trap } from "../result.ts";

/** How many frames a trap has at most. V8's own 10 would all be those of Rust's panic, and none what led to it. */
const mostFrames = 50;

/** A trap as a worker tells it: plain data, for which nobody has looked into the module. */
export interface RaisedTrap {
  readonly message: string;
  readonly callSites: readonly CallSite[];
}

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
export function asTrap(error: unknown, loaded: LoadedModule): RaisedTrap | undefined {
  const isTrap =
    isEngineError(error, "RuntimeError") ||
    (isEngineError(error, "RangeError") && error.message === "Maximum call stack size exceeded");
  return isTrap ? { message: error.message, callSites: callSitesOf(error, loaded) } : undefined;
}

/** What `console.log` shows an object by. */
const inspected = Symbol.for("nodejs.util.inspect.custom");

/**
 * A trap as a result has it. The places of its frames take many times what a
 * short run does, so they are looked up when somebody reads them: a program,
 * JSON, a snapshot, or what copies the result.
 */
export function createTrap({ message, callSites }: RaisedTrap, loaded: LoadedModule): Trap {
  const { module, name, fileName, startOfCode } = loaded;
  const debuggable = { module, path: fileName === undefined ? undefined : name, startOfCode };
  let frames: Frame[] | undefined;
  const trap = {
    message,
    get frames() {
      return (frames ??= resolveFrames(callSites, debuggable));
    },
  };
  return Object.defineProperty(trap, inspected, { value: () => ({ ...trap }) });
}
