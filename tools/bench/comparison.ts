import { Bench } from "tinybench";
import { peakMemory } from "./memory.ts";
import { runProgram } from "./program.ts";
import type { Program } from "./program.ts";

/** The same work done in several ways. */
export interface Comparison {
  name: string;
  /** The first is what the others are compared with. */
  contenders: Readonly<Record<string, Contender>>;
  /** How many times each does it. */
  rounds: number;
  /** To be done at the end. */
  restore?: () => void;
}

/** One way of doing it: a program. */
export interface Contender extends Program {
  /** How many runs of a guest it makes. It prints how many milliseconds those took, without its own start. */
  runs?: number;
  /** What it is to take at most, compared with the first contender. It is shown, and nothing fails. */
  bound?: number;
  /** To be done before each round, and not measured. */
  prepare?: () => void;
}

/** The figures of one contender. Times are in milliseconds; if it makes many runs, of one run. */
export interface Measured {
  comparison: string;
  contender: string;
  median: number;
  min: number;
  max: number;
  /** The median, compared with that of the first contender. */
  ratio: number;
  bound?: number;
  /** The most memory that its processes had, in bytes; null if the system does not say. */
  peakBytes: number | null;
}

/**
 * Measures contenders side by side: they take turns, round by round, so that
 * what slows the machine for a while slows all of them.
 */
export async function compare(comparison: Comparison): Promise<Measured[]> {
  const { name, contenders, rounds } = comparison;
  if (rounds === 1) return once(comparison);
  const samples = new Map(Object.keys(contenders).map((contender) => [contender, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    const bench = new Bench({ iterations: 1, time: 0, warmup: false, throws: true, retainSamples: true });
    for (const [contender, it] of Object.entries(contenders)) {
      const measure = async (): Promise<{ overriddenDuration?: number }> => {
        const { stdout } = await runProgram(it);
        return it.runs === undefined ? {} : { overriddenDuration: Number(stdout) / it.runs };
      };
      bench.add(contender, measure, { beforeEach: () => it.prepare?.() });
    }
    await bench.run();
    // The first round warms up caches.
    if (round === 0) continue;
    for (const { name: contender, result } of bench.tasks) {
      if ("latency" in result) samples.get(contender)?.push(...(result.latency.samples ?? []));
    }
  }
  const baseline = median([...samples.values()][0] ?? []);
  const measured: Measured[] = [];
  for (const [contender, times] of samples) {
    contenders[contender]?.prepare?.();
    measured.push({
      comparison: name,
      contender,
      median: median(times),
      min: Math.min(...times),
      max: Math.max(...times),
      ratio: median(times) / baseline,
      ...boundOf(contenders[contender]),
      peakBytes: await peakMemory(contenders[contender] as Contender),
    });
  }
  return measured;
}

/** What takes minutes is done once, and its memory is looked at meanwhile. */
async function once({ name, contenders }: Comparison): Promise<Measured[]> {
  const measured: Omit<Measured, "ratio">[] = [];
  for (const [contender, it] of Object.entries(contenders)) {
    it.prepare?.();
    const started = performance.now();
    const peakBytes = await peakMemory(it, 50);
    const took = performance.now() - started;
    measured.push({ comparison: name, contender, median: took, min: took, max: took, peakBytes });
  }
  return measured.map((it) => ({ ...it, ratio: it.median / (measured[0]?.median ?? Number.NaN) }));
}

const boundOf = (it?: Contender): { bound?: number } => (it?.bound === undefined ? {} : { bound: it.bound });

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
