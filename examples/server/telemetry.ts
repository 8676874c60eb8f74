import { tracingChannel } from "node:diagnostics_channel";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import type { PoolRunContext } from "@wasi-kit/runner";

/**
 * Makes an OpenTelemetry span of each run in a pool, below the span of what asked
 * for it. Without an SDK that is registered, spans cost nothing and go nowhere.
 *
 * @returns what stops it
 */
export function traceRuns(): () => void {
  const tracer = trace.getTracer("wasi-kit");
  const spans = new WeakMap<object, Span>();
  const subscribers = {
    start(run: PoolRunContext) {
      const attributes = { "wasi.module": run.module, "wasi.key": run.key };
      spans.set(run, tracer.startSpan("wasi run", { attributes }));
    },
    end() {},
    asyncStart() {},
    asyncEnd(run: PoolRunContext) {
      const span = spans.get(run);
      if (run.result) {
        const { outcome, exitCode, queueMs = 0 } = run.result;
        span?.setAttributes({ "wasi.outcome": outcome, "wasi.exit_code": exitCode, "wasi.queue_ms": queueMs });
        if (outcome !== "exited") span?.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
      } else {
        span?.recordException(run.error as Error);
        span?.setStatus({ code: SpanStatusCode.ERROR });
      }
      span?.end();
    },
    error() {},
  };
  const runs = tracingChannel<PoolRunContext, PoolRunContext>("wasi-kit:pool:run");
  runs.subscribe(subscribers);
  return () => runs.unsubscribe(subscribers);
}
