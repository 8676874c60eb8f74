import type { Reader } from "./reader.ts";
import { hex, UnknownFormError } from "./unknown-form-error.ts";

type Immediate = (reader: Reader) => unknown;

const index: Immediate = (reader) => reader.u32();
const integer: Immediate = (reader) => reader.s64();
const bytes =
  (size: number): Immediate =>
  (reader) =>
    reader.bytes(size);

const end = 0x0b;

/** What follows the opcode of each instruction that a constant can have. */
const instructions: Readonly<Record<number, readonly Immediate[]>> = {
  [end]: [],
  0x23: [index], // global.get
  0x41: [integer], // i32.const
  0x42: [integer], // i64.const
  0x43: [bytes(4)], // f32.const
  0x44: [bytes(8)], // f64.const
  0x6a: [], // i32.add, sub, mul
  0x6b: [],
  0x6c: [],
  0x7c: [], // i64.add, sub, mul
  0x7d: [],
  0x7e: [],
  0xd0: [integer], // ref.null: a type, or the number of one
  0xd2: [index], // ref.func
};

/** The same for instructions of two numbers, by the first and then by the second. */
const prefixed: Readonly<Record<number, Readonly<Record<number, readonly Immediate[]>>>> = {
  0xfb: {
    0: [index], // struct.new
    1: [index], // struct.new_default
    6: [index], // array.new
    7: [index], // array.new_default
    8: [index, index], // array.new_fixed
    26: [], // any.convert_extern
    27: [], // extern.convert_any
    28: [], // ref.i31
  },
  0xfd: { 12: [bytes(16)] }, // v128.const
};

/**
 * Skips the expression that initializes a global or a table, or that is an offset.
 *
 * @see https://webassembly.github.io/spec/core/valid/instructions.html#constant-expressions
 */
export function skipConstant(reader: Reader): void {
  for (;;) {
    const offset = reader.at;
    const opcode = reader.u8();
    const second = prefixed[opcode];
    const immediates = second ? second[reader.u32()] : instructions[opcode];
    if (!immediates) throw new UnknownFormError(offset, `a constant with the instruction ${hex(opcode)}`);
    for (const immediate of immediates) immediate(reader);
    if (opcode === end) return;
  }
}
