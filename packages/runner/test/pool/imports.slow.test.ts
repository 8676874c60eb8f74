import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
// What was built: a worker is a file that Node.js loads by itself, and 20 can't load TypeScript.
import { createPool, formatCall, run } from "../../dist/index.js";
import type { Pool } from "../../dist/index.js";
import { assemble, command } from "../../../wasm/test/helpers/assemble.ts";

/** What the functions do by the number that they get. */
const functions = `
class OutOfRange extends RangeError {
  name = "OutOfRange";
}
let calls = 0;
export default (guest) => ({
  env: {
    ask(it) {
      calls++;
      if (it === 1) throw new OutOfRange("1 is too much");
      if (it === 2) throw { no: "error" };
      if (it === 3) for (;;);
      if (it === 4) return guest.text(70000, 1).length;
      return it === 5 ? calls : guest.exports.double(it);
    },
  },
});`;

let folder: string;
let pool: Pool;
let imports: URL;
let module: (it: number) => string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wasi-kit-pool-imports-"));
  const file = (name: string): string => join(folder, name);
  writeFileSync(file("functions.mjs"), functions);
  writeFileSync(file("none.mjs"), "export const env = {};");
  writeFileSync(file("other.mjs"), "export default { env: { asks: () => 5 } };");
  imports = pathToFileURL(file("functions.mjs"));
  module = (it) => file(`${it}.wasm`);
  const more = `(import "env" "ask" (func $ask (param i32) (result i32)))
    (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))`;
  for (let it = 0; it < 10; it++) {
    writeFileSync(module(it), await assemble(command(`(call $proc_exit (call $ask (i32.const ${it})))`, more)));
  }
  pool = createPool({ size: 1 });
});
afterAll(async () => {
  await pool.close({ abort: true });
  rmSync(folder, { recursive: true });
});

test("a guest in a worker calls functions that the worker loads, and they can call it", async () => {
  const { exitCode, trace } = await pool.run(module(7), { imports, trace: true });
  expect(exitCode).toBe(14);
  expect(trace?.map(formatCall)).toEqual([expect.stringMatching(/^env\.ask\(7\) = 14 {2}[\d.]+ ms$/), "proc_exit(14)"]);
});

test("a worker loads them once", async () => {
  const [first, second] = [await pool.run(module(5), { imports }), await pool.run(module(5), { imports })];
  expect(second.exitCode).toBe(first.exitCode + 1);
});

test("a path is as good as a URL, and a run of its own has them too", async () => {
  const path = join(folder, "functions.mjs");
  expect((await pool.run(module(6), { imports: path })).exitCode).toBe(12);
  const { signal } = new AbortController();
  expect((await run(module(6), { imports: path, signal })).exitCode).toBe(12);
});

test.each<[what: string, it: number, error: Partial<Error>]>([
  ["an error", 1, { name: "OutOfRange", message: "1 is too much", stack: expect.stringContaining("functions.mjs") }],
  ["something else", 2, { name: "Error", message: "an object" }],
  [
    "an error of the guest's memory",
    4,
    {
      name: "GuestMemoryError",
      message: expect.stringContaining("1 bytes at 70000 go past the end of"),
      stack: expect.stringContaining("functions.mjs"),
    },
  ],
])("a function that throws %s ends the run, and says which", async (_, it, error) => {
  const { outcome, exitCode, hostError } = await pool.run(module(it), { imports });
  expect({ outcome, exitCode, function: hostError?.function }).toEqual({
    outcome: "host-error",
    exitCode: 134,
    function: "env.ask",
  });
  expect(hostError?.error).toBeInstanceOf(Error);
  expect(hostError?.error).toMatchObject(error);
  expect((await pool.run(module(6), { imports })).exitCode).toBe(12);
});

test("a function that does not return is ended with the run", async () => {
  expect(await pool.run(module(3), { imports, timeoutMs: 200 })).toMatchObject({ outcome: "timed-out" });
  expect((await pool.run(module(6), { imports })).exitCode).toBe(12);
});

test.each<[what: string, imports: () => unknown, code: string, message: RegExp]>([
  [
    "of this thread",
    () => ({ env: { ask: () => 5 } }),
    "E_OPTION",
    /^imports are functions of this thread, which a worker can't call\.\nPut them into a module/,
  ],
  ["of a module that is not there", () => join(folder, "missing.mjs"), "E_IMPORTS", /can't be loaded/],
  ["of a module without them", () => join(folder, "none.mjs"), "E_IMPORTS", /has no default export with functions/],
  [
    "of other names",
    () => join(folder, "other.mjs"),
    "E_IMPORTS",
    /env\.ask: there is no such function\. Did you mean env\.asks\?/,
  ],
])("functions %s are refused, and the worker is used again", async (_, given, code, message) => {
  await expect(pool.run(module(8), { imports: given() as URL })).rejects.toMatchObject({
    name: "WasiKitError",
    code,
    message: expect.stringMatching(message),
  });
  expect((await pool.run(module(8), { imports })).exitCode).toBe(16);
});
