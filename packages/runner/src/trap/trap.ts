import { resolveFrames } from "@wasi-kit/wasm/debug";
import type { CallSite, Frame } from "@wasi-kit/wasm/debug";
import type { Host } from "../host/host.ts";
import type { LoadedModule } from "../module/module.ts";
import { isEngineError } from "../realm/engine-error.ts";
import { callSitesOf } from "./call-sites.ts";

/** How and where a guest trapped. */
export interface Trap {
  /** What the engine says: `"unreachable"`, `"memory access out of bounds"`, … */
  message: string;
  /**
   * The functions that were running, innermost first: at most 50. `formatFrame`
   * formats one as a line. Their source locations are looked up when this is first
   * read.
   */
  readonly frames: Frame[];
}

/** How many frames a trap has at most. With V8's default of 10, all would be those of Rust's panic itself. */
const maxFrames = 50;

/** A trap as a worker sends it: plain data, before anything was looked up in the module. */
export interface RaisedTrap {
  readonly message: string;
  readonly callSites: readonly CallSite[];
}

/** V8, which limits the frames of an error. In other engines this is a property that nothing reads. */
const engine = Error as { stackTraceLimit?: number | undefined };

/** Calls a guest so that an error thrown in it knows {@link maxFrames} of its frames. */
export function withFrames<T>(call: () => T): T {
  const before = engine.stackTraceLimit;
  engine.stackTraceLimit = maxFrames;
  try {
    return call();
  } finally {
    engine.stackTraceLimit = before;
  }
}

/**
 * Tells a trap from a defect of the host: an error that the engine raised in the
 * guest's code. A stack overflow is a RangeError, in a guest as anywhere.
 *
 * @see https://webassembly.github.io/spec/js-api/#error-condition-mappings
 */
export function asTrap(error: unknown, loaded: LoadedModule): RaisedTrap | undefined {
  // An exception of WebAssembly that nothing caught. It is no Error, and has no stack.
  if (Object.prototype.toString.call(error) === "[object WebAssembly.Exception]") {
    return { message: "an exception was thrown, and nothing caught it", callSites: [] };
  }
  const isTrap = isEngineError(error, "RuntimeError") || isStackOverflow(error);
  return isTrap ? { message: error.message, callSites: callSitesOf(error, loaded) } : undefined;
}

/** Whether the stack was full, which the guest and the host share. */
export const isStackOverflow = (error: unknown): error is Error =>
  isEngineError(error, "RangeError") && error.message === "Maximum call stack size exceeded";

/** The method by which `console.log` shows an object. */
const customInspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * A trap as a result has it. To find the source locations takes much longer than
 * a short run, so they are looked up when `frames` is read: by a program, by
 * JSON, by a snapshot, or by what copies the result.
 */
export function createTrap({ message, callSites }: RaisedTrap, loaded: LoadedModule, { files }: Host): Trap {
  const { module, name, fileName, startOfCode } = loaded;
  const debuggable = { module, path: fileName === undefined ? undefined : name, startOfCode };
  let frames: Frame[] | undefined;
  const trap = {
    message,
    get frames() {
      return (frames ??= resolveFrames(callSites, debuggable, files?.debug));
    },
  };
  return Object.defineProperty(trap, customInspect, { value: () => ({ ...trap }) });
}
