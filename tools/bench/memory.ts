import { readdirSync, readFileSync } from "node:fs";
import { runProgram } from "./program.ts";
import type { Program } from "./program.ts";

/**
 * The most memory that a program and the processes that it starts hold at the
 * same time, in bytes: looked at again and again while it runs once more, since
 * only the system knows. Null without /proc.
 *
 * @param everyMs - how often to look, in milliseconds
 */
export async function peakMemory(program: Program, everyMs = 5): Promise<number | null> {
  let peak = 0;
  let timer: NodeJS.Timeout | undefined;
  try {
    await runProgram(program, ({ pid }) => {
      timer = setInterval(() => {
        peak = Math.max(peak, memoryBelow(pid as number));
      }, everyMs);
    });
  } finally {
    clearInterval(timer);
  }
  return peak === 0 ? null : peak;
}

/** What a process and those below it hold now. */
function memoryBelow(root: number): number {
  if (process.platform !== "linux") return 0;
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), ...statusOf(name) }));
  const family = new Set([root]);
  // A process has a higher number than its parent, except in the rare case that the numbers started again.
  for (const { pid, parent } of processes.toSorted((a, b) => a.pid - b.pid)) if (family.has(parent)) family.add(pid);
  return processes.reduce((sum, { pid, bytes }) => sum + (family.has(pid) ? bytes : 0), 0);
}

function statusOf(pid: string): { parent: number; bytes: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const value = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    return { parent: value("PPid"), bytes: value("VmRSS") * 1024 };
  } catch {
    return { parent: 0, bytes: 0 }; // it has ended meanwhile
  }
}
