import type { Descriptors } from "../descriptors.ts";
import type { Host } from "../host.ts";
import { fdCalls } from "./sandbox/fds.ts";
import { createFileTable } from "./sandbox/files.ts";
import { pathCalls } from "./sandbox/paths.ts";
import { createTimes } from "./sandbox/times.ts";
import type { Layer } from "./layer.ts";

/**
 * Files and directories: what a guest reaches through its preopens, and
 * nothing else. node:wasi does not confine a guest (it looks for links in the
 * last component of a path only, and remembers a descriptor as a path), so it
 * gets its own descriptors and paths that were resolved here, never the
 * guest's.
 */
export function sandboxLayer({ native }: Host, descriptors: Descriptors): Layer {
  return (next, guest) => {
    const files = createFileTable(native, descriptors);
    const times = createTimes();
    return {
      ...next,
      ...fdCalls(native, guest, descriptors, files, times),
      ...pathCalls(native, guest, descriptors, files, times),
    };
  };
}
