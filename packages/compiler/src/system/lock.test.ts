import { readdirSync } from "node:fs";
import { utimes } from "node:fs/promises";

import { join } from "node:path";
import { x } from "tinyexec";
import { beforeEach, expect, test, vi } from "vitest";
import { isLocked, withLock } from "./lock.ts";
import { folderWith } from "../../../manifest/test/helpers/folder.ts";

let temporary: string;

beforeEach(async () => {
  temporary = await folderWith({});
  vi.stubEnv("TMPDIR", temporary);
  return () => vi.unstubAllEnvs();
});

test("a task has the lock while it runs, whether it ends well or not", async () => {
  expect(isLocked("task")).toBe(false);
  await expect(
    withLock("task", expect.unreachable, async () => [isLocked("task"), isLocked("other")]),
  ).resolves.toEqual([true, false]);
  expect(isLocked("task")).toBe(false);
  expect(readdirSync(temporary)).toEqual([]);
  const failing = withLock("task", expect.unreachable, () => Promise.reject(new Error("no network")));
  await expect(failing).rejects.toThrow("no network");
  expect(isLocked("task")).toBe(false);
});

test("tasks of one name run one after the other, and the second says that it waits", async () => {
  const order: string[] = [];
  const said: string[] = [];
  const task = (name: string) => async () => {
    order.push(`${name} begins`);
    // Until the other one has found the lock taken.
    await vi.waitUntil(() => said.length > 0, { timeout: 30_000 });
    order.push(`${name} ends`);
  };
  const first = withLock("task", expect.unreachable, task("first"));
  await vi.waitUntil(() => order.length > 0);
  await Promise.all([
    first,
    withLock("task", (line) => said.push(line), task("second")),
    withLock("other", expect.unreachable, async () => {}),
  ]);
  expect(order).toEqual(["first begins", "first ends", "second begins", "second ends"]);
  expect(said).toEqual(["Another build is installing what is missing: waiting for it."]);
});

test("the lock of a process that died is taken over", async () => {
  // Takes the lock as we do, from the built package, and is killed while it has it.
  const script = `const { withLock } = await import(${JSON.stringify(new URL("../../dist/system/lock.js", import.meta.url).href)});
    await withLock("task", () => {}, async () => { process.kill(process.pid, "SIGKILL"); await new Promise(() => {}); });`;
  await x(process.execPath, ["--input-type=module", "--eval", script]);
  expect(isLocked("task")).toBe(true);
  // As if it were ten seconds ago.
  const past = Date.now() / 1000 - 11;
  await utimes(join(temporary, `wasi-kit-${process.getuid!()}`, "task.lock"), past, past);
  await expect(withLock("task", expect.unreachable, async () => "done")).resolves.toBe("done");
});
