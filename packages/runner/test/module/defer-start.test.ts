import { describe, expect, test } from "vitest";
import { deferStart } from "../../src/module/defer-start.ts";
import { assemble } from "../../../wasm/test/helpers/assemble.ts";

/** The exports of a module once its start is deferred, and the name of the one that was added. */
async function deferred(wat: string): Promise<{ exports: string[]; startExport: string | undefined }> {
  const { bytes, startExport } = deferStart(await assemble(wat));
  const module = new WebAssembly.Module(bytes as BufferSource);
  return { exports: WebAssembly.Module.exports(module).map(({ name, kind }) => `${kind} ${name}`), startExport };
}

describe("a start section becomes an export", () => {
  const start =
    "(global $count (mut i32) (i32.const 0)) (func) (func $start (global.set $count (i32.const 1))) (start $start)";

  test.each<[what: string, wat: string, exports: string[]]>([
    [
      "after the others",
      `(module ${start} (memory (export "memory") 1) (func (export "f")))`,
      ["memory memory", "function f"],
    ],
    ["alone", `(module ${start})`, []],
    ["alone, before code and data", `(module ${start} (memory 1) (data (i32.const 0) "x"))`, []],
    ["beside an element section", `(module ${start} (table 1 funcref) (elem (i32.const 0) $start))`, []],
  ])("%s", async (_, wat, others) => {
    expect(await deferred(wat)).toEqual({
      exports: [...others, "function wasi-kit.start"],
      startExport: "wasi-kit.start",
    });
  });

  test("under a name that no other has", async () => {
    const wat = `(module ${start} (func (export "wasi-kit.start")) (func (export "wasi-kit.start_")))`;
    expect(await deferred(wat)).toMatchObject({ startExport: "wasi-kit.start__" });
  });

  test("past 127 exports, whose number then takes two bytes", async () => {
    const many = Array.from({ length: 127 }, (__, index) => `(func (export "f${index}"))`).join("");
    const { exports } = await deferred(`(module ${start} ${many})`);
    expect(exports).toHaveLength(128);
  });

  test("and does not run by itself", async () => {
    const wat = `(module ${start} (export "count" (global $count)))`;
    const { bytes, startExport = "" } = deferStart(await assemble(wat));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource));
    const count = exports["count"] as WebAssembly.Global;
    expect(count.value).toBe(0);
    (exports[startExport] as () => void)();
    expect(count.value).toBe(1);
  });
});

test("a module without one is left as it is", async () => {
  const bytes = await assemble('(module (func (export "_start")))');
  expect(deferStart(bytes)).toEqual({ bytes });
  expect(deferStart(bytes).bytes).toBe(bytes);
});

test("a module that is cut short is left to the engine", async () => {
  const bytes = await assemble("(module (func $start) (start $start))");
  for (let size = 8; size < bytes.length; size++) {
    const cut = bytes.subarray(0, size);
    const { bytes: left } = deferStart(cut);
    expect(WebAssembly.validate(left as BufferSource), `${size} bytes`).toBe(WebAssembly.validate(cut as BufferSource));
  }
});
