import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeAll, expect, test } from "vitest";
// What was built: a worker is a file that Node.js loads by itself, and 20 can't load TypeScript.
import { createPool } from "../../dist/index.js";
import type { Pool, PoolOptions, PoolRunOptions } from "../../dist/index.js";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";
import { hostile } from "../helpers/hostile.ts";

let loop: Uint8Array;
let quick: Uint8Array;
beforeAll(async () => {
  loop = await assemble(hostile.loop);
  quick = await assemble(command(""));
});

let pool: Pool | undefined;
afterEach(() => pool?.close({ abort: true }));

/** A pool whose workers are all busy, until `end` is called. */
async function busyPool(options: PoolOptions = {}): Promise<{ pool: Pool; end(): void }> {
  const { size = 1 } = options;
  const made = createPool({ size, ...options });
  pool = made;
  const controller = new AbortController();
  await new Promise<void>((resolve) => {
    let started = 0;
    const stdout = (): void => void (++started === size && resolve());
    for (let i = 0; i < size; i++) void made.run(loop, { signal: controller.signal, stdout, queueTimeoutMs: 60_000 });
  });
  return { pool: made, end: () => controller.abort() };
}

test("a run that finds the queue full fails at once, and those that wait are made", async () => {
  const { pool: it, end } = await busyPool({ maxQueue: 2 });
  const waiting = [it.run(quick), it.run(quick)];
  await expect(it.run(quick)).rejects.toMatchObject({
    code: "E_QUEUE_FULL",
    exitCode: 125,
    message:
      "No worker of the pool is free, and maxQueue allows 2 runs to wait for one.\nTry again later, or raise maxQueue or size.",
  });
  end();
  expect((await Promise.all(waiting)).map(({ outcome }) => outcome)).toEqual(["exited", "exited"]);
});

test("with no place in the queue, as many runs are made as there are workers", async () => {
  const it = (pool = createPool({ size: 2, maxQueue: 0 }));
  const ends = await Promise.allSettled([it.run(quick), it.run(quick), it.run(quick)]);
  expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
  expect(ends[2]).toMatchObject({ reason: { code: "E_QUEUE_FULL" } });
});

test("a run that waits too long fails, whether the pool says how long or the run", async () => {
  const { pool: it, end } = await busyPool({ queueTimeoutMs: 30 });
  const options: PoolRunOptions[] = [{}, { queueTimeoutMs: 10 }, { queueTimeoutMs: 60_000 }];
  const ends = Promise.allSettled(options.map((own) => it.run(quick, own)));
  setTimeout(end, 100);
  const [ofPool, ofRun, patient] = await ends;
  expect(ofPool).toMatchObject({
    reason: {
      code: "E_QUEUE_TIMEOUT",
      exitCode: 124,
      message: expect.stringMatching(/^No worker of the pool was free for 30 ms, .*queueTimeoutMs\./),
    },
  });
  expect(ofRun).toMatchObject({ reason: { code: "E_QUEUE_TIMEOUT", message: expect.stringContaining("10 ms") } });
  expect(patient).toMatchObject({ value: { outcome: "exited" } });
});

test("the time in the queue does not end a run that has begun", async () => {
  const it = (pool = createPool({ size: 1 }));
  // Its worker is there afterwards, so that the next run begins at once.
  await it.run(quick);
  const result = it.run(loop, { queueTimeoutMs: 1000, timeoutMs: 1500 });
  expect(await result).toMatchObject({ outcome: "timed-out", limit: "timeoutMs" });
});

test("a process whose runs are made ends, however long they might have waited", async () => {
  const script = `
    import { createPool } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
    const pool = createPool({ size: 2, minWorkers: 2, queueTimeoutMs: 600_000 });
    const { outcome } = await pool.run(Buffer.from("${Buffer.from(quick).toString("base64")}", "base64"));
    console.log(outcome);`;
  const options = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, options, { timeout: 30_000 });
  expect(stdout).toBe("exited\n");
});

test("a pool that is closed while a worker starts is closed before its process ends", async () => {
  const script = `
    import { createPool } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)};
    const pool = createPool({ size: 1 });
    await pool.run(Buffer.from("${Buffer.from(loop).toString("base64")}", "base64"), { timeoutMs: 10 });
    // Another worker is started. It is ready by then, and nobody has heard of it.
    for (const start = Date.now(); Date.now() - start < 2000;);
    await pool.close();
    console.log("closed");`;
  const options = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, options, { timeout: 30_000 });
  expect(stdout).toBe("closed\n");
});

test("a result says how long its run waited", async () => {
  const { pool: it, end } = await busyPool();
  const [first, second] = [it.run(quick), it.run(quick)];
  await delay(50);
  end();
  expect((await first).queueMs).toBeGreaterThan(50);
  expect((await second).queueMs).toBeGreaterThan((await first).queueMs as number);
  expect((await it.run(quick)).queueMs).toBeLessThan(40);
});

test("workers that are free take a run of each key in turn", async () => {
  const { pool: it, end } = await busyPool();
  const order: string[] = [];
  const runs = ["a1", "a2", "a3", "b1", "c1", "b2"].map(async (name) => {
    await it.run(quick, { key: name.charAt(0) });
    order.push(name);
  });
  end();
  await Promise.all(runs);
  expect(order).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
});

const threads = (): number => readdirSync("/proc/self/task").length;

test.runIf(process.platform === "linux")("workers are there before there is a run", async () => {
  const before = threads();
  const it = (pool = createPool({ size: 3, minWorkers: 2 }));
  await expect.poll(threads).toBeGreaterThanOrEqual(before + 2);
  // A third one starts with a third run at a time, and not before.
  await Promise.all([it.run(quick), it.run(quick)]);
  expect(threads()).toBe(before + 2);
});

test("a pool can't have more workers at once than it may have", () => {
  expect(() => createPool({ size: 2, minWorkers: 3 })).toThrow(
    expect.objectContaining({ code: "E_OPTION", message: "minWorkers is 3. It can be at most size, which is 2." }),
  );
});

test("a pool that is closed makes the runs that it has within a time, and ends those that are left", async () => {
  const { pool: it } = await busyPool();
  const [waiting] = await Promise.allSettled([it.run(quick), it.close({ timeoutMs: 50 })]);
  expect(waiting).toMatchObject({ reason: { code: "E_POOL_CLOSED" } });

  const other = createPool({ size: 1 });
  const runs = Array.from({ length: 20 }, () => other.run(quick));
  await other.close({ timeoutMs: 30_000 });
  expect((await Promise.all(runs)).every(({ outcome }) => outcome === "exited")).toBe(true);
});
