import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
// What was built: a worker is a file that Node.js loads by itself, and 20 can't load TypeScript.
import { createPool } from "../../dist/index.js";
import type { Pool } from "../../dist/index.js";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";
import { hostile } from "../helpers/hostile.ts";

let folder: string;
let exit7: Uint8Array;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wasi-kit-prepare-"));
  exit7 = await assemble(command("(call $proc_exit (i32.const 7))"));
});
afterAll(() => rmSync(folder, { recursive: true }));

let pool: Pool;
beforeEach(() => {
  pool = createPool({ size: 1 });
});
afterEach(() => pool.close({ abort: true }));

test("a module that was prepared is compiled once, and not in this thread", async () => {
  const compiled = vi.spyOn(WebAssembly, "Module");
  try {
    const module = await pool.prepare(exit7);
    expect(module).toEqual({ name: "the module" });
    const runs = [pool.run(module), pool.run(module)];
    expect((await Promise.all(runs)).map(({ exitCode }) => exitCode)).toEqual([7, 7]);
    expect(compiled).not.toHaveBeenCalled();
    await pool.run(exit7);
    expect(compiled).toHaveBeenCalledOnce();
  } finally {
    compiled.mockRestore();
  }
});

test("a file that was prepared is run as it was then, and by its path as it is", async () => {
  const path = join(folder, "changing.wasm");
  writeFileSync(path, exit7);
  const module = await pool.prepare(path);
  expect(module.name).toBe(path);
  writeFileSync(path, await assemble(command("(call $proc_exit (i32.const 8))")));
  expect([(await pool.run(module)).exitCode, (await pool.run(path)).exitCode]).toEqual([7, 8]);
});

test.each<[what: string, limits: { maxMemoryBytes?: number }, memoryBytes: number]>([
  ["those of the pool where they are undefined", { maxMemoryBytes: undefined } as object, 2 ** 28],
  ["its own", { maxMemoryBytes: 2 ** 20 }, 2 ** 20],
])("limits are put into a module when it is prepared: %s", async (_, limits, memoryBytes) => {
  const module = await pool.prepare(await assemble(hostile.grow), limits);
  expect(await pool.run(module)).toMatchObject({ outcome: "out-of-memory", memoryBytes });
});

test("such a limit of a run comes too late", async () => {
  const module = await pool.prepare(exit7);
  await expect(pool.run(module, { maxMemoryBytes: 2 ** 20 })).rejects.toMatchObject({
    code: "E_OPTION",
    message:
      "maxMemoryBytes is put into a module before it is compiled, and the module was prepared without it.\n" +
      'Pass it to prepare() of the pool: prepare("the module", { maxMemoryBytes }).',
  });
  expect(await pool.run(module, { timeoutMs: 60_000 })).toMatchObject({ exitCode: 7 });
});

test("a module that another pool has prepared is not run", async () => {
  const other = createPool({ size: 1 });
  const module = await other.prepare(exit7);
  await other.close();
  await expect(pool.run(module)).rejects.toMatchObject({
    code: "E_OPTION",
    message: expect.stringContaining("the module was not prepared by this pool."),
  });
});

test.each<[what: string, source: () => string | Uint8Array, code: string]>([
  ["is missing", () => join(folder, "missing.wasm"), "E_MODULE_NOT_FOUND"],
  ["is no module", () => Buffer.from("text"), "E_NOT_WASM"],
  ["is cut short", () => exit7.subarray(0, 30), "E_NOT_WASM"],
])("what %s can't be prepared", async (_, source, code) => {
  await expect(pool.prepare(source())).rejects.toMatchObject({ name: "WasiKitError", code });
});

test("a pool that is closed prepares nothing", async () => {
  await pool.close();
  await expect(pool.prepare(exit7)).rejects.toMatchObject({ code: "E_POOL_CLOSED" });
});
