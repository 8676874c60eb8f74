import { decode } from "@jridgewell/sourcemap-codec";
import { expect, test } from "vitest";
import wabt from "wabt";
import { readFunctions } from "./wat-instructions.ts";
import { mapText } from "./wat-mappings.ts";

/** Every way of writing instructions, and one of each kind of operand. A function of more than 127 bytes as well. */
const text = `(module $wide
  (type $t (func (param i32) (result i32)))
  (type $pair (func (param i32 i32) (result i32 i32)))
  (import "a" "b" (func $imported (param i32)))
  (func $inline (import "a" "c") (param i32) (result i32))
  (memory 1) (table $tab 4 funcref) (table $ext 4 externref)
  (global $g (mut i32) (i32.const 1))
  (data $d "abc") (data (i32.const 8) "def") (elem $e func $id $id)
  (func $id (type $t) local.get 0)
  (func $all (param $x i32) (result i32) (local $y i64) (local f32 f64 v128)
    i32.const 0x7fff_ffff drop f32.const nan drop f64.const inf drop f64.const -inf drop f32.const nan:0x200000 drop
    f64.const 0x1.8p+1 drop i64.const -5 local.set $y
    v128.const i32x4 1 2 3 4 v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31
    i8x16.extract_lane_s 3 drop
    i32.const 0 i32.load offset=4 align=2 drop
    i32.const 0 v128.load8_splat offset=1 drop
    i32.const 0 v128.const i64x2 0 0 v128.load8_lane 1 drop
    i32.const 0 i32.const 1 i32.const 2 select drop
    i32.const 0 i32.const 1 i32.const 2 select (result i32) drop
    ref.null func drop ref.null extern drop ref.func $id drop
    ref.null func ref.is_null drop
    i32.const 0 table.get $tab drop
    i32.const 0 ref.null extern table.set $ext
    table.size $tab drop
    ref.null func i32.const 1 table.grow $tab drop
    i32.const 0 ref.null func i32.const 0 table.fill $tab
    i32.const 0 i32.const 0 i32.const 0 table.copy
    i32.const 0 i32.const 0 i32.const 0 table.init $e
    elem.drop $e
    i32.const 0 i32.const 0 i32.const 0 memory.init $d
    data.drop $d
    i32.const 0 i32.const 0 i32.const 0 memory.copy
    i32.const 0 i32.const 0 i32.const 0 memory.fill
    memory.size drop i32.const 0 memory.grow drop
    i32.const 1 i32.const 0 call_indirect $tab (type $t) drop
    i32.const 1 i32.const 0 call_indirect (param i32) (result i32) drop
    f32.const 1 i32.trunc_sat_f32_s drop
    i64.const 1 i32.wrap_i64 i32.extend8_s drop
    block $out (result i32)
      i32.const 1 i32.const 2
      (loop $again (type $pair) (br_if $again (i32.const 0)))
      drop
      br $out
    end $out
    if $c (result i32) i32.const 1 else $c i32.const 2 end
    drop
    i32.const 1 if nop else end
    (if (i32.const 1) (then))
    (if (i32.const 1) (then nop) (else))
    (if $l (result i32) (i32.eqz (if (result i32) (local.get $x) (then (i32.const 1)) (else (i32.const 0)))) (then (block (result i32) (i32.const 4))) (else i32.const 5 i32.const 6 i32.add))
    drop
    (block $a (block $b (block $d (br_table $a $b 0 $d (local.get $x)))))
    (call $imported (call $inline (i32.const 1)))
    (global.set $g (global.get $g))
    (local.set $y (i64.add (local.tee $y (i64.const 1)) (i64.const 2)))
    (drop (select (result i32) (i32.const 1) (i32.const 2) (i32.const 0)))
    (drop (i32.load8_u offset=3 (i32.const 0)))
    (; block comment (; nested ;) i32.const ;) nop ;; i32.const 5
    (i32.store (i32.const 0) (i32.const 1))
    (return (i32.const 7))
    unreachable)
  (func (export "_start") (export "two") (drop (call $all (i32.const 1))))
  (start $s) (func $s)
)
`;

/** What wabt makes of a text, as it is made for a source map. */
async function assemble(source: string): Promise<{ bytes: Uint8Array; log: string }> {
  const { parseWat } = await wabt();
  const module = parseWat("test.wat", source);
  try {
    module.resolveNames();
    module.validate();
    const { buffer, log } = module.toBinary({ log: true, canonicalize_lebs: false });
    return { bytes: buffer, log };
  } finally {
    module.destroy();
  }
}

/** The words that a map names for a module, with the byte at each offset. */
function words(map: string, source: string, bytes: Uint8Array): { word: string; byte: number | undefined }[] {
  const lines = source.split("\n");
  return (decode(map)[0] ?? []).map(([offset, , line = 0, column = 0]) => ({
    word: /^[\w.]+|^./.exec(lines[line]?.slice(column) ?? "")?.[0] ?? "",
    byte: bytes[offset],
  }));
}

const opcodes: Readonly<Record<string, number>> = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  // The end of a list is that of a block, or of the function.
  ")": 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  br_table: 0x0e,
  return: 0x0f,
  call: 0x10,
  call_indirect: 0x11,
  drop: 0x1a,
  "local.get": 0x20,
  "local.set": 0x21,
  "local.tee": 0x22,
  "global.get": 0x23,
  "global.set": 0x24,
  "i32.load": 0x28,
  "i32.load8_u": 0x2d,
  "i32.store": 0x36,
  "i32.const": 0x41,
  "i64.const": 0x42,
  "f32.const": 0x43,
  "f64.const": 0x44,
  "i32.eqz": 0x45,
  "i32.add": 0x6a,
  "i64.add": 0x7c,
  "ref.null": 0xd0,
  // Those of two bytes are where the first is.
  "memory.copy": 0xfc,
  "memory.init": 0xfc,
  "table.grow": 0xfc,
  "i32.trunc_sat_f32_s": 0xfc,
  "v128.const": 0xfd,
  "i8x16.shuffle": 0xfd,
};

test("each instruction is mapped from its first byte to its name", async () => {
  const { bytes, log } = await assemble(text);
  const found = words(mapText(text, log), text, bytes);
  expect(found.filter(({ word }) => word === "func")).toHaveLength(4);
  const lengths = readFunctions(text).map(({ instructions }) => instructions.length + 1);
  expect(found).toHaveLength(lengths.reduce((sum, it) => sum + it));
  const known = found.filter(({ word }) => Object.hasOwn(opcodes, word));
  expect(known).toEqual(known.map(({ word }) => ({ word, byte: opcodes[word] })));
  const mapped = new Set(found.map(({ word }) => word));
  expect(Object.keys(opcodes).filter((word) => !mapped.has(word))).toEqual([]);
});

const two = (first: string): string => `(module (func $first ${first}) (func $second drop))`;

test("a function whose instructions are not those that were encoded is given the place of its beginning", async () => {
  const { log } = await assemble("(module (func $first nop) (func $second i32.const 1 drop))");
  const [segments] = decode(mapText(two("nop"), log));
  // The first is mapped as a whole: func, nop, end.
  expect(segments?.map(([, , , column]) => column)).toEqual([9, 21, 24, 27]);
});

test("functions that are not those that were encoded are not mapped", async () => {
  const { log } = await assemble("(module (func nop))");
  expect(mapText(two("nop"), log)).toBe("");
});

test("a module without functions has no places", async () => {
  const { log } = await assemble("(module (memory 1))");
  expect(mapText("(module (memory 1))", log)).toBe("");
});
