import type { Host } from "../host/host.ts";
import type { RunReport } from "../result.ts";

/** Makes a call, and says how long it took and, if the host says so, how much CPU time. */
export function measure<T>(
  { now, cpuMs = () => undefined }: Host,
  call: () => T,
): { readonly result: T; readonly times: Pick<RunReport, "durationMs" | "cpuMs"> } {
  const started = now();
  const cpuBefore = cpuMs();
  const result = call();
  const durationMs = now() - started;
  const cpuAfter = cpuBefore === undefined ? undefined : cpuMs();
  const hasCpu = cpuBefore !== undefined && cpuAfter !== undefined;
  return { result, times: hasCpu ? { durationMs, cpuMs: cpuAfter - cpuBefore } : { durationMs } };
}
