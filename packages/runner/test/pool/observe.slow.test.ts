import { AsyncLocalStorage } from "node:async_hooks";
import { channel, tracingChannel } from "node:diagnostics_channel";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
// What was built: a worker is a file that Node.js loads by itself, and 20 can't load TypeScript.
import { createPool } from "../../dist/index.js";
import type { Pool, PoolRunContext } from "../../dist/index.js";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";
import { hostile } from "../helpers/hostile.ts";

let quick: Uint8Array;
let trap: Uint8Array;
let loop: Uint8Array;
beforeAll(async () => {
  quick = await assemble(command(""));
  trap = await assemble(command("unreachable"));
  loop = await assemble(hostile.loop);
});

let pool: Pool;
beforeEach(() => {
  pool = createPool({ size: 1 });
});
afterEach(() => pool.close({ abort: true }));

test("a pool says what it has done", async () => {
  const results = [await pool.run(quick), await pool.run(quick), await pool.run(trap)];
  await Promise.allSettled([
    pool.run("missing.wasm"),
    pool.run(quick, { timeoutMs: -1 }),
    pool.run(quick, { signal: AbortSignal.abort() }),
    pool.run(loop, {
      stdout() {
        throw new Error("full");
      },
    }),
  ]);
  const sum = (name: "queueMs" | "durationMs"): number => results.reduce((total, it) => total + (it[name] ?? 0), 0);
  expect(pool.stats()).toEqual({
    workers: 1,
    busy: 0,
    queued: 0,
    outcomes: { exited: 2, trapped: 1 },
    errors: { E_MODULE_NOT_FOUND: 1, E_OPTION: 1, E_ABORTED: 1, other: 1 },
    queueMs: expect.closeTo(sum("queueMs"), 5) as number,
    durationMs: expect.closeTo(sum("durationMs"), 5) as number,
  });
});

const now = (): object => {
  const { workers, busy, queued } = pool.stats();
  return { workers, busy, queued };
};

test("a pool says what it does now", async () => {
  expect(now()).toEqual({ workers: 0, busy: 0, queued: 0 });
  const controller = new AbortController();
  const runs = await new Promise<Promise<unknown>[]>((resolve) => {
    const first = pool.run(loop, { signal: controller.signal, stdout: () => resolve([first, second, third]) });
    const [second, third] = [pool.run(quick), pool.run(quick)];
  });
  expect(now()).toEqual({ workers: 1, busy: 1, queued: 2 });
  controller.abort();
  await Promise.all(runs);
  // A worker is free a moment after its run has ended.
  await expect.poll(now).toEqual({ workers: 1, busy: 0, queued: 0 });
});

const name = "wasi-kit:pool:run";

test("runs are published when they are asked for, and when they have ended", async () => {
  const events: (readonly [event: string, context: PoolRunContext])[] = [];
  const record = (event: string) => (context: PoolRunContext) => void events.push([event, { ...context }]);
  const subscribers = { start: record("start"), end() {}, asyncStart() {}, asyncEnd: record("asyncEnd"), error() {} };
  const runs = tracingChannel<PoolRunContext, PoolRunContext>(name);
  runs.subscribe(subscribers);
  try {
    const module = await pool.prepare(quick);
    const result = await pool.run(module, { key: "ada" });
    const [error] = await Promise.allSettled([pool.run("missing.wasm")]);
    expect(events).toEqual([
      ["start", { module: "the module", key: "ada" }],
      ["asyncEnd", { module: "the module", key: "ada", result }],
      ["start", { module: "missing.wasm", key: "" }],
      ["asyncEnd", { module: "missing.wasm", key: "", error: (error as PromiseRejectedResult).reason as Error }],
    ]);
    await expect(pool.run(quick, null as never)).rejects.toMatchObject({ code: "E_OPTION" });
  } finally {
    runs.unsubscribe(subscribers);
  }
});

test("a run belongs to what asked for it, however many there are at a time", async () => {
  const requests = new AsyncLocalStorage<string>();
  const seen: string[] = [];
  const onEnd = (context: unknown): void => {
    seen.push(`${requests.getStore()} ${(context as PoolRunContext).key}`);
  };
  channel(`tracing:${name}:asyncEnd`).subscribe(onEnd);
  try {
    await Promise.all(
      ["one", "two", "three"].map((key) =>
        requests.run(key, async () => {
          await delay(1);
          await pool.run(quick, { key });
        }),
      ),
    );
  } finally {
    channel(`tracing:${name}:asyncEnd`).unsubscribe(onEnd);
  }
  expect(seen.toSorted()).toEqual(["one one", "three three", "two two"]);
});
