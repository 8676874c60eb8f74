import { availableParallelism } from "node:os";
import type { PoolOptions, PoolRunOptions } from "@wasi-kit/runner";

// All limits in one place. What a program may use is per request.

/** What each program may use. */
export const runLimits: PoolRunOptions = {
  timeoutMs: 2000,
  maxOutputBytes: 2 ** 20,
  maxWrittenBytes: 8 * 2 ** 20,
  maxFiles: 100,
};

/** What is put into a module before it is compiled. */
export const moduleLimits = { maxMemoryBytes: 64 * 2 ** 20 };

/**
 * How many programs run at the same time, how many requests may wait for a worker, and for how long. A program that never
 * ends has its worker until its time is up: with four workers for each core, a few of these leave enough for the others.
 */
export const poolLimits: PoolOptions = { size: 4 * availableParallelism(), maxQueue: 100, queueTimeoutMs: 5000 };

/** How large a request may be, in bytes, and how many programs are kept. */
export const maxBodyBytes = 8 * 2 ** 20;
export const maxPrograms = 100;

/** How long a server that ends goes on to answer connections that are open, and then waits for its runs, in milliseconds. */
export const drainMs = { connections: 500, runs: 10_000 };
