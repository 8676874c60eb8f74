import { Bench } from "tinybench";

/** The same work done in several ways. */
export interface Comparison {
  name: string;
  /** The first is what the others are compared with. */
  contenders: Readonly<Record<string, () => Promise<unknown>>>;
  /** How many times each does it. */
  rounds: number;
}

/** What was measured of one contender. */
export interface Measured {
  comparison: string;
  contender: string;
  /** The median of all rounds. */
  medianMs: number;
  minMs: number;
  maxMs: number;
  /** The median, compared with that of the first contender. */
  ratio: number;
}

/**
 * Measures contenders side by side: they take turns, round by round, so that
 * what slows the machine for a while slows all of them.
 */
export async function compare({ name, contenders, rounds }: Comparison): Promise<Measured[]> {
  const samples = new Map(Object.keys(contenders).map((contender) => [contender, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    const bench = new Bench({ iterations: 1, time: 0, warmup: false, throws: true, retainSamples: true });
    for (const [contender, run] of Object.entries(contenders)) bench.add(contender, async () => void (await run()));
    await bench.run();
    // The first round warms up caches.
    if (round === 0) continue;
    for (const { name: contender, result } of bench.tasks) {
      if ("latency" in result) samples.get(contender)?.push(...(result.latency.samples ?? []));
    }
  }
  const baseline = median([...samples.values()][0] ?? []);
  return [...samples].map(([contender, times]) => ({
    comparison: name,
    contender,
    medianMs: median(times),
    minMs: Math.min(...times),
    maxMs: Math.max(...times),
    ratio: median(times) / baseline,
  }));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
