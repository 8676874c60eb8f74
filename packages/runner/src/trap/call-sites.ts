import type { CallSite } from "@wasi-kit/wasm/debug";
import type { LoadedModule } from "../module/load-module.ts";

/**
 * The functions of a guest that were running when an error was raised, innermost
 * first. Their offsets are those in the module as it was before a limit was put
 * into it.
 */
export function callSitesOf(error: Error, { codeShift = { from: 0, by: 0 } }: LoadedModule): CallSite[] {
  const found: CallSite[] = [];
  for (const site of stackOf(error)) {
    // A call site in WebAssembly ends with its place: `name (wasm://wasm/x-1a2b:wasm-function[3]:0x1f)`.
    const [, index, hex] = /wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/.exec(String(site)) ?? [];
    if (index !== undefined && hex !== undefined) {
      const name = site.getFunctionName();
      const offset = parseInt(hex, 16);
      const moved = offset < codeShift.from ? 0 : codeShift.by;
      found.push({ ...(name && { name }), functionIndex: Number(index), offset: offset - moved });
    } else if (found.length > 0) {
      // The frames that called the guest are left out: to describe them takes longer than to describe those of the guest.
      break;
    }
  }
  return found;
}

/**
 * V8 describes a stack when it is first asked for, and lets a program do so: by
 * the `Error` of the realm that the error is of.
 *
 * @see https://v8.dev/docs/stack-trace-api
 */
function stackOf(error: Error): NodeJS.CallSite[] {
  const { constructor } = Object.getPrototypeOf(Object.getPrototypeOf(error)) as { constructor: ErrorConstructor };
  const before = constructor.prepareStackTrace;
  constructor.prepareStackTrace = (_, sites) => sites;
  try {
    const { stack } = error as { stack?: unknown };
    return Array.isArray(stack) ? stack : [];
  } finally {
    constructor.prepareStackTrace = before as NonNullable<typeof before>;
  }
}
