import type { Descriptors } from "../descriptors.ts";
import { fdCalls } from "./sandbox/fds.ts";
import { createFileTable } from "./sandbox/files.ts";
import { pathCalls } from "./sandbox/paths.ts";
import { createTimes } from "./sandbox/times.ts";
import type { FunctionName } from "../preview1/function-names.ts";
import type { Preview1 } from "../preview1/functions.ts";
import type { Layer } from "./layer.ts";

/**
 * Files and directories: what a guest reaches through its preopens, and
 * nothing else. node:wasi does not confine a guest (it looks for links in the
 * last component of a path only, and remembers a descriptor as a path), so it
 * gets its own descriptors and paths that were resolved here, never the
 * guest's.
 *
 * @param imported - the calls that the guest can make
 */
export function sandboxLayer(native: Preview1, descriptors: Descriptors, imported: readonly FunctionName[]): Layer {
  return (_next, guest) => {
    // Made when the first of them is called: many a short run touches no file.
    let made: Partial<Preview1> | undefined;
    const make = (): Partial<Preview1> => {
      const files = createFileTable(native, descriptors);
      const times = createTimes();
      return {
        ...fdCalls(native, guest, descriptors, files, times),
        ...pathCalls(native, guest, descriptors, files, times),
      };
    };
    const calls: Record<string, (...args: never[]) => number> = {};
    for (const name of imported) {
      if (!/^(fd|path|sock)_/.test(name)) continue;
      calls[name] = (...args) => ((made ??= make())[name] as (...args: never[]) => number)(...args);
    }
    return calls as Partial<Preview1>;
  };
}
