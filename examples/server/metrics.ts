import { tracingChannel } from "node:diagnostics_channel";
import type { Pool, PoolRunContext } from "@wasi-kit/runner";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** Numbers for Prometheus. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** Observes no more runs. */
  stop(): void;
}

const seconds = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

export function createMetrics(pool: Pool): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  // What the pool knows by itself is asked for when somebody asks.
  const gauges = [
    ["workers", "Workers that there are"],
    ["busy", "Workers that are in use"],
    ["queued", "Runs that wait for a worker"],
  ] as const;
  for (const [what, help] of gauges) {
    const gauge: Gauge = new Gauge({
      name: `wasi_pool_${what}`,
      help,
      registers: [],
      collect: () => gauge.set(pool.stats()[what]),
    });
    registry.registerMetric(gauge);
  }
  const counters = [
    ["wasi_runs_total", "outcome", "Runs that ended, by outcome", () => pool.stats().outcomes],
    ["wasi_errors_total", "code", "Runs that could not start, by code", () => pool.stats().errors],
  ] as const;
  for (const [name, label, help, counts] of counters) {
    const collect = (): void => {
      counter.reset();
      for (const [value, count] of Object.entries(counts())) counter.inc({ [label]: value }, count);
    };
    const counter: Counter<string> = new Counter({ name, help, labelNames: [label], registers: [], collect });
    registry.registerMetric(counter);
  }

  // How long each run took is observed as it ends.
  const duration = new Histogram({
    name: "wasi_run_seconds",
    help: "Time of a run",
    buckets: seconds,
    registers: [registry],
  });
  const waiting = new Histogram({
    name: "wasi_queue_seconds",
    help: "Time in the queue",
    buckets: seconds,
    registers: [registry],
  });
  const runs = tracingChannel<PoolRunContext, PoolRunContext>("wasi-kit:pool:run");
  const observe = ({ result }: PoolRunContext): void => {
    if (!result) return;
    duration.observe(result.durationMs / 1000);
    waiting.observe((result.queueMs ?? 0) / 1000);
  };
  runs.asyncEnd.subscribe(observe as (context: unknown) => void);

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    stop: () => void runs.asyncEnd.unsubscribe(observe as (context: unknown) => void),
  };
}
