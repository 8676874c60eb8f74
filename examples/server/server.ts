import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { serve } from "@hono/node-server";
import { createPool } from "@wasi-kit/runner";
import { createApp } from "./app.ts";
import { drainMs, poolLimits } from "./limits.ts";
import { createMetrics } from "./metrics.ts";
import { createPrograms, programName } from "./programs.ts";
import { traceRuns } from "./telemetry.ts";

/** A server that answers. */
export interface RunningServer {
  readonly url: string;
  /** Ends it, and loses no request: each that it took is answered. */
  close(): Promise<void>;
}

/** How a server is started. */
export interface ServerOptions {
  /** Default: one that is free. */
  port?: number;
  /** The paths of the modules that it runs from the start on. */
  modules?: readonly string[];
  /** The directory that all programs see. */
  shared: string;
}

export async function startServer({ port = 0, modules = [], shared }: ServerOptions): Promise<RunningServer> {
  const pool = createPool({ ...poolLimits, minWorkers: 1 });
  const programs = createPrograms(pool);
  await Promise.all(modules.map((path) => programs.add(programName(path), path)));
  const metrics = createMetrics(pool);
  const stopTracing = traceRuns();
  let isDraining = false;

  const { fetch } = createApp({ pool, programs, metrics, shared, isDraining: () => isDraining });
  const server = serve({ fetch, port }) as Server;
  await once(server, "listening");

  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      isDraining = true;
      // A client may be about to send a request by a connection that it holds: it gets its answer, and the connection ends.
      await delay(drainMs.connections);
      const closed = once(server, "close");
      server.close();
      await closed;
      await pool.close({ timeoutMs: drainMs.runs });
      metrics.stop();
      stopTracing();
    },
  };
}
