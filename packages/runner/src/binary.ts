/**
 * The outer form of a module's bytes: sections, and the numbers and names in
 * them. What a section means is for its reader to say.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#sections
 */

/** A part of a module. Offsets are in bytes from the module's start. */
export interface Section {
  /** Its number; 0 is a custom section. */
  readonly id: number;
  /** A custom section's name. */
  readonly name?: string;
  /** Where its header begins. */
  readonly start: number;
  /** Where its content begins; a custom section's, behind its name. */
  readonly content: number;
  /** Where it ends. */
  readonly end: number;
}

/** Sections by their numbers. */
export const sectionNames = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "data count",
  "tag",
] as const;

/** The size of what precedes the sections: the magic number, the version and the layer. */
const preambleSize = 8;

/** Thrown where bytes end too early or mean nothing; `offset` is where, from the module's start. */
export class MalformedError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.name = "MalformedError";
    this.offset = offset;
  }
}

/** Reads one thing after another. Every method throws {@link MalformedError} where the bytes end. */
export interface Reader {
  /** Where it stands, in bytes from the module's start. */
  readonly at: number;
  /** Where what it reads ends. */
  readonly end: number;
  /** Whether nothing is left. */
  readonly isAtEnd: boolean;
  /** A byte. */
  u8(): number;
  /** An unsigned number in LEB128, of up to 32 bits. */
  u32(): number;
  /** An unsigned number in LEB128, of up to 64 bits. */
  u64(): bigint;
  /** A signed number in LEB128, of up to 64 bits. */
  s64(): bigint;
  /** This many bytes, not copied. */
  bytes(size: number): Uint8Array;
  /** A text in UTF-8, with its size before it. */
  name(): string;
}

// Made when it is needed first: a run needs none, and is to start fast.
let utf8: TextDecoder | undefined;

/** Reads the bytes of a module from an offset to another. */
export function createReader(module: Uint8Array, from: number, to: number = module.length): Reader {
  let at = from;
  const take = (size: number): number => {
    if (at + size > to) throw new MalformedError(at, `expected ${size} more bytes, and there are ${to - at}`);
    const start = at;
    at += size;
    return start;
  };
  const leb = (bits: number): { value: bigint; size: number; isNegative: boolean } => {
    let value = 0n;
    for (let shift = 0; ; shift += 7) {
      if (shift >= bits) throw new MalformedError(at, `a number of more than ${bits} bits`);
      const byte = module[take(1)]!;
      value |= BigInt(byte & 0x7f) << BigInt(shift);
      if (byte < 0x80) return { value, size: shift + 7, isNegative: (byte & 0x40) !== 0 };
    }
  };
  const unsigned = (bits: number): bigint => {
    const start = at;
    const { value } = leb(bits);
    if (value >> BigInt(bits)) throw new MalformedError(start, `a number of more than ${bits} bits`);
    return value;
  };
  const reader: Reader = {
    get at() {
      return at;
    },
    end: to,
    get isAtEnd() {
      return at >= to;
    },
    u8: () => module[take(1)]!,
    u32() {
      // Most are one byte, and a BigInt for each would cost more than all the rest.
      const first = module[at];
      if (at < to && first !== undefined && first < 0x80) return module[take(1)]!;
      return Number(unsigned(32));
    },
    u64: () => unsigned(64),
    s64() {
      const { value, size, isNegative } = leb(64);
      return BigInt.asIntN(64, isNegative ? value - (1n << BigInt(size)) : value);
    },
    bytes(size) {
      const start = take(size);
      return module.subarray(start, start + size);
    },
    name() {
      const bytes = reader.bytes(reader.u32());
      // A name is what its bytes say, a byte order mark at its start included.
      utf8 ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      try {
        return utf8.decode(bytes);
      } catch {
        throw new MalformedError(at - bytes.length, "a name that is not UTF-8");
      }
    },
  };
  return reader;
}

/**
 * The sections of a module, in their order. A component holds modules: `from`
 * and `to` are where one of them begins and ends.
 *
 * @throws MalformedError where one ends behind the module's end
 */
export function* readSections(module: Uint8Array, from = 0, to: number = module.length): Generator<Section> {
  const reader = createReader(module, from + preambleSize, to);
  while (!reader.isAtEnd) {
    const start = reader.at;
    const id = reader.u8();
    const size = reader.u32();
    const content = reader.at;
    reader.bytes(size);
    const end = reader.at;
    if (id !== 0) yield { id, start, content, end };
    else {
      const inside = createReader(module, content, end);
      const name = inside.name();
      yield { id, name, start, content: inside.at, end };
    }
  }
}

/**
 * Bits of the byte before the limits of a memory or a table; the last is the proposal for pages of other sizes.
 *
 * @see https://webassembly.github.io/spec/core/binary/types.html#limits
 */
export const limitFlags = { maximum: 1, shared: 2, is64: 4, pageSize: 8 } as const;
