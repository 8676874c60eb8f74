import type { TracedCall, TracedData, TracedValues, WasiCall } from "@wasi-kit/runner";
import { columns } from "../../ui/columns.ts";

/** A run's calls by function, as `strace -c` has them. */
export interface Summary {
  add(call: TracedCall): void;
  /** A table: the function that took longest first; if no times were taken, the one called most often. */
  text(): string;
}

interface Row {
  calls: number;
  errors: number;
  bytes: number;
  /** In milliseconds; undefined if none was taken. */
  time: number | undefined;
}

const noCalls: Row = { calls: 0, errors: 0, bytes: 0, time: undefined };

/** No calls yet. */
export function createSummary(): Summary {
  const rows = new Map<string, Row>();
  return {
    add(call) {
      const { durationMs } = call;
      const name = "module" in call ? `${call.module}.${call.name}` : call.name;
      const row = rows.get(name) ?? { ...noCalls };
      rows.set(name, row);
      row.calls++;
      if (!("module" in call)) addOutcome(row, call);
      if (durationMs !== undefined) row.time = (row.time ?? 0) + durationMs;
    },
    text() {
      const sorted = [...rows].toSorted(([, a], [, b]) => (b.time ?? 0) - (a.time ?? 0) || b.calls - a.calls);
      const all = sorted.reduce((sum, [, row]) => plus(sum, row), noCalls);
      const cells = [...sorted, ["all", all] as const].map(([name, { calls, errors, bytes, time }]) => [
        time === undefined ? "–" : time.toFixed(3),
        time === undefined ? "–" : `${Math.round((100 * time) / (all.time || 1))} %`,
        String(calls),
        String(errors || ""),
        String(bytes || ""),
        name,
      ]);
      return `${columns([["ms", "", "calls", "errors", "bytes", "function"], ...cells], "right").join("\n")}\n`;
    },
  };
}

function addOutcome(row: Row, { args, errno, results = {} }: WasiCall): void {
  if (errno !== undefined && errno !== "success") row.errors++;
  else row.bytes += moved(args, results);
}

function plus(a: Row, b: Row): Row {
  return {
    calls: a.calls + b.calls,
    errors: a.errors + b.errors,
    bytes: a.bytes + b.bytes,
    time: b.time === undefined ? a.time : (a.time ?? 0) + b.time,
  };
}

/** The bytes that a call moved: what was read, or as much as was written. */
function moved(args: TracedValues, results: TracedValues): number {
  const written = Object.values(args).some(isData) ? Object.values(results).find((it) => typeof it === "number") : 0;
  const read = Object.values(results).filter(isData);
  return read.reduce((sum, { size }) => sum + size, (written as number | undefined) ?? 0);
}

const isData = (value: unknown): value is TracedData => typeof value === "object" && value !== null && "size" in value;
