import { closeSync, openSync, readlinkSync, readSync } from "node:fs";

// The CPU time of a thread, in milliseconds since it started. Node.js 20 does not tell it, but Linux does.

const { threadCpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage };
const buffer = Buffer.alloc(64);

/** That of this thread. Undefined if the host does not say. */
export function ownCpuMs(): number | undefined {
  if (!threadCpuUsage) return readSchedstat("/proc/thread-self/schedstat");
  const { user, system } = threadCpuUsage.call(process);
  return (user + system) / 1000;
}

/** That of another thread of this process, by the name that {@link ownThread} gave it there. */
export const cpuMsOf = (thread: string): number | undefined => readSchedstat(`/proc/${thread}/schedstat`);

/** The name of this thread in /proc. Undefined if there is no such name. */
export function ownThread(): string | undefined {
  try {
    const thread = readlinkSync("/proc/thread-self");
    return cpuMsOf(thread) === undefined ? undefined : thread;
  } catch {
    return undefined;
  }
}

function readSchedstat(path: string): number | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    const size = readSync(fd, buffer, 0, buffer.length, 0);
    return Number(buffer.toString("latin1", 0, size).split(" ", 1)[0]) / 1e6;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
