import type { LoadedModule } from "./module.ts";

/** A function of the guest's that was running when it trapped, as the engine tells it. */
export interface CallSite {
  /** As the module has it: Rust's are mangled. */
  readonly name?: string;
  /** Its index in the module, imported functions included. */
  readonly functionIndex: number;
  /** The instruction that it stood at, in bytes from the module's start, as they were before a limit was put into them. */
  readonly offset: number;
}

/** The functions of a guest that were running when an error was raised, innermost first. */
export function callSitesOf(error: Error, { shift = { from: 0, by: 0 } }: LoadedModule): CallSite[] {
  const found: CallSite[] = [];
  for (const site of stackOf(error)) {
    // A call site in WebAssembly ends with its place: `name (wasm://wasm/x-1a2b:wasm-function[3]:0x1f)`.
    const [, index, hex] = /wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/.exec(String(site)) ?? [];
    if (index !== undefined && hex !== undefined) {
      const name = site.getFunctionName();
      const offset = parseInt(hex, 16);
      const moved = offset < shift.from ? 0 : shift.by;
      found.push({ ...(name && { name }), functionIndex: Number(index), offset: offset - moved });
    } else if (found.length > 0) {
      // Who called the guest is not asked for: to describe that takes longer than all of the guest's.
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
