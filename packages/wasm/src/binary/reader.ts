import { decodeSigned, decodeUnsigned } from "./leb128.ts";
import { MalformedError } from "./malformed-error.ts";

/** Reads one value after another. Every method throws {@link MalformedError} if the bytes end too early. */
export interface Reader {
  /** The offset of what is read next, in bytes from the module's start. */
  readonly at: number;
  /** Where what it reads ends. */
  readonly end: number;
  readonly isAtEnd: boolean;
  u8(): number;
  /** An unsigned LEB128 number of up to 32 bits. */
  u32(): number;
  /** An unsigned LEB128 number of up to 64 bits. */
  u64(): bigint;
  /** A signed LEB128 number of up to 64 bits. */
  s64(): bigint;
  /** A view of this many bytes: they are not copied. */
  bytes(size: number): Uint8Array;
  /** A text in UTF-8, with its size before it. */
  name(): string;
}

// Made when it is first needed: a run that starts fast needs none.
let utf8: TextDecoder | undefined;

/** Reads the bytes of a module from one offset to another. */
export function createReader(module: Uint8Array, from: number, to: number = module.length): Reader {
  let at = from;
  const take = (size: number): number => {
    if (at + size > to) throw new MalformedError(at, `expected ${size} more bytes, and there are ${to - at}`);
    const start = at;
    at += size;
    return start;
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
      return Number(decodeUnsigned(reader, 32));
    },
    u64: () => decodeUnsigned(reader, 64),
    s64: () => decodeSigned(reader, 64),
    bytes(size) {
      const start = take(size);
      return module.subarray(start, start + size);
    },
    name() {
      const bytes = reader.bytes(reader.u32());
      // A byte order mark at the start of a name is part of it.
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

/** Reads a list: how many entries there are, then each of them. */
export function readList<T>(reader: Reader, read: (reader: Reader) => T): T[] {
  const list: T[] = [];
  for (let left = reader.u32(); left > 0; left--) list.push(read(reader));
  return list;
}
