import { runSync } from "@wasi-kit/runner";
import type { SyncRunOptions } from "@wasi-kit/runner";

/**
 * How many WASI functions a module calls in a run. The runner hands its imports
 * to `WebAssembly.Instance`, which nobody else makes while it runs: there each
 * function gets one around it that counts.
 *
 * @throws Error where it does not end with the exit code that is expected: the count would be of something else
 */
export function countCalls(module: string, options: SyncRunOptions, exitCode: number): number {
  const { Instance } = WebAssembly;
  let count = 0;
  const counting =
    (call: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      count++;
      return call(...args);
    };
  WebAssembly.Instance = class extends Instance {
    constructor(compiled: WebAssembly.Module, imports: WebAssembly.Imports = {}) {
      super(
        compiled,
        mapValues(imports, (functions) => mapValues(functions, counting as never)),
      );
    }
  };
  try {
    const result = runSync(module, options);
    if (result.exitCode === exitCode) return count;
    throw new Error(`${module} ended with ${result.exitCode} instead of ${exitCode}: ${result.stderr}`);
  } finally {
    WebAssembly.Instance = Instance;
  }
}

const mapValues = <T, U>(values: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
