import type { CallSite } from "@wasi-kit/wasm/debug";
import type { LoadedModule } from "../module/module.ts";

/**
 * The functions of a guest that were running when an error was raised, innermost
 * first. Their offsets are those in the module as it was before anything was put
 * into it.
 */
export function callSitesOf(error: Error, { codeShift = 0 }: LoadedModule): CallSite[] {
  const found: CallSite[] = [];
  for (const site of stackOf(error)) {
    // A call site in WebAssembly ends with its place: `name (wasm://wasm/x-1a2b:wasm-function[3]:0x1f)`.
    const [, index, hex] = /wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/.exec(String(site)) ?? [];
    if (index !== undefined && hex !== undefined) {
      const name = site.getFunctionName();
      found.push({ ...(name && { name }), functionIndex: Number(index), offset: parseInt(hex, 16) - codeShift });
    } else if (found.length > 0) {
      // The frames that called the guest are left out: to describe them takes longer than to describe those of the guest.
      break;
    }
  }
  return found;
}

/** A call site as V8 describes one, and the constructor that lets a program describe them. */
interface StackCallSite {
  getFunctionName(): string | null;
}
interface TracingErrorConstructor {
  prepareStackTrace?: ((error: Error, sites: StackCallSite[]) => unknown) | undefined;
}

/**
 * V8 describes a stack when it is first asked for, and lets a program do so: by
 * the `Error` of the realm that the error is of.
 *
 * @see https://v8.dev/docs/stack-trace-api
 */
function stackOf(error: Error): StackCallSite[] {
  const { constructor } = Object.getPrototypeOf(Object.getPrototypeOf(error)) as {
    constructor: TracingErrorConstructor;
  };
  const before = constructor.prepareStackTrace;
  constructor.prepareStackTrace = (_, sites) => sites;
  try {
    const { stack } = error as { stack?: unknown };
    return Array.isArray(stack) ? stack : [];
  } finally {
    constructor.prepareStackTrace = before;
  }
}
