import { expect, test } from "vitest";
import wabt from "wabt";
import { TextError, toText } from "./to-text.ts";

const { parseWat } = await wabt();
const all = {
  exceptions: true,
  threads: true,
  tail_call: true,
  memory64: true,
  multi_memory: true,
  extended_const: true,
  relaxed_simd: true,
};

function assemble(text: string): Uint8Array {
  const module = parseWat("test.wat", text, all);
  try {
    module.resolveNames();
    return module.toBinary({ write_debug_names: true }).buffer;
  } finally {
    module.destroy();
  }
}

test("a module as text: expressions folded, exports inlined, names kept", async () => {
  const bytes = assemble(`(module
    (memory (export "memory") 1)
    (func $add (export "add") (param $a i32) (param $b i32) (result i32)
      local.get $a
      local.get $b
      i32.add))`);
  await expect(toText(bytes, "add.wasm")).resolves.toBe(`(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (func $add (export "add") (type 0) (param $a i32) (param $b i32) (result i32)
    (i32.add
      (local.get $a)
      (local.get $b)))
  (memory (;0;) (export "memory") 1))
`);
});

test.each([
  ["SIMD", '(func (export "f") (result v128) (i32x4.splat (i32.const 7)))'],
  ["relaxed SIMD", "(func (param v128) (result v128) (i32x4.relaxed_trunc_f32x4_s (local.get 0)))"],
  ["bulk memory", "(memory 1) (func (memory.fill (i32.const 0) (i32.const 1) (i32.const 2)))"],
  ["reference types", "(table 1 externref) (func (param externref) (table.set 0 (i32.const 0) (local.get 0)))"],
  ["multiple values", "(func (result i32 i64) (i32.const 1) (i64.const 2))"],
  ["tail calls", "(func $f (return_call $f))"],
  ["threads", "(memory 1 1 shared) (func (result i32) (i32.atomic.load (i32.const 0)))"],
  ["exceptions", "(tag $e (param i32)) (func (throw $e (i32.const 1)))"],
  ["several memories", "(memory 1) (memory 2) (func (drop (i32.load 1 (i32.const 0))))"],
  ["memories of 64 bits", "(memory i64 1) (func (drop (i32.load (i64.const 0))))"],
  ["conversions that saturate", "(func (param f32) (result i32) (i32.trunc_sat_f32_s (local.get 0)))"],
])("%s: what it prints is the same module", async (_, wat) => {
  const bytes = assemble(`(module ${wat})`);
  expect(assemble(await toText(bytes, "test.wasm"))).toEqual(bytes);
});

const preamble = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

test.each<[what: string, bytes: Uint8Array, message: RegExp]>([
  ["nothing", new Uint8Array(), /^wabt can't print test\.wasm as text:\n\S/],
  ["no WebAssembly", Uint8Array.from(Buffer.from("# Title\n")), /\n0000004: error: bad magic value\n/],
  [
    "a module that is cut short",
    Uint8Array.from([...preamble, 1, 20, 1]),
    /\n000000a: error: invalid section size: extends past end\n/,
  ],
  [
    "a type of garbage collection",
    Uint8Array.from([...preamble, 1, 5, 1, 0x5f, 1, 0x7f, 0]),
    /\n000000c: error: unexpected type form/,
  ],
  [
    "a typed reference",
    Uint8Array.from([...preamble, 1, 6, 1, 0x60, 1, 0x64, 0x70, 0]),
    /\n000000e: error: expected valid param type/,
  ],
  ["a component", Uint8Array.of(0, 0x61, 0x73, 0x6d, 13, 0, 1, 0), /: error: wasm components are not yet supported/],
])("%s is an error that says so", async (_, bytes, message) => {
  const error: unknown = await toText(bytes, "test.wasm").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TextError);
  expect(error).toMatchObject({ exitCode: 126, message: expect.stringMatching(message) });
  expect((error as Error).message).toMatch(/wasm-tools knows more: wasm-tools print test\.wasm$/);
});

test("a constant that is a sum is printed", async () => {
  const bytes = assemble("(module (global i32 (i32.add (i32.const 1) (i32.const 2))))");
  await expect(toText(bytes, "test.wasm")).resolves.toMatch(/i32\.const 1\s+i32\.const 2\s+i32\.add/);
});

test("bytes that stand among others are printed alone", async () => {
  const bytes = assemble("(module (func $f))");
  const around = Uint8Array.from([1, 2, 3, ...bytes, 4]);
  await expect(toText(around.subarray(3, 3 + bytes.length), "f.wasm")).resolves.toBe(await toText(bytes, "f.wasm"));
});
