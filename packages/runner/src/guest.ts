import { isUtf8 } from "node:buffer";
import type { Abi } from "./preview1/abi.ts";
import { errno } from "./preview1/errno.ts";
import { iovec } from "./preview1/layouts.ts";

/** Thrown by a layer to end a call: the guest gets the code back. It has no stack, so it costs little. */
export class CallError {
  readonly errno: number;

  constructor(code: number) {
    this.errno = code;
  }
}

/**
 * A running module, as the layers see it: its memory, read and written at
 * addresses that the guest chose and that are therefore checked.
 */
export interface Guest {
  /** The version of the interface that it was built for. */
  readonly abi: Abi;
  /** Its memory, from instantiation on. */
  memory: WebAssembly.Memory;
  /** The bytes at an address, not copied: valid until the guest runs again. */
  bytes(address: number, size: number): Uint8Array;
  /** The buffers of a list (`iovec` or `ciovec`), but for the empty ones. */
  buffers(list: number, count: number): Uint8Array[];
  /** The path at an address, checked, as a byte string: a character for each byte. */
  path(address: number, size: number): string;
  /** Reads a u8. */
  u8(address: number): number;
  /** Reads a u16. */
  u16(address: number): number;
  /** Reads the u32 at an address. */
  u32(address: number): number;
  /** Reads a u64. */
  u64(address: number): bigint;
  /** Writes a u8. */
  setU8(address: number, value: number): void;
  /** Writes a u16. */
  setU16(address: number, value: number): void;
  /** Writes a u32. */
  setU32(address: number, value: number): void;
  /** Writes a u64. */
  setU64(address: number, value: bigint): void;
}

/** A guest that has not been instantiated yet: its memory is empty. */
export function createGuest(abi: Abi): Guest {
  let memory = new WebAssembly.Memory({ initial: 0 });
  let view = new DataView(memory.buffer);
  let whole = Buffer.from(memory.buffer);

  // memory.grow replaces the buffer, so a view is good for one call only.
  const current = (): DataView => {
    if (view.buffer !== memory.buffer) {
      view = new DataView(memory.buffer);
      whole = Buffer.from(memory.buffer);
    }
    return view;
  };
  // An i32 arrives signed: >>> 0 makes the address that the guest meant.
  const at = (address: number, size: number): number => {
    const start = address >>> 0;
    if (start + size > memory.buffer.byteLength) throw new CallError(errno.fault);
    return start;
  };
  const bytes = (address: number, size: number): Uint8Array => {
    const length = size >>> 0;
    return new Uint8Array(memory.buffer, at(address, length), length);
  };

  return {
    abi,
    get memory() {
      return memory;
    },
    set memory(value) {
      memory = value;
    },
    bytes,
    buffers(list, count) {
      const found: Uint8Array[] = [];
      const entries = at(list, (count >>> 0) * iovec.size);
      for (let i = 0; i < count >>> 0; i++) {
        const entry = entries + i * iovec.size;
        const length = current().getUint32(entry + iovec.buf_len, true);
        if (length > 0) found.push(bytes(view.getUint32(entry + iovec.buf, true), length));
      }
      return found;
    },
    path(address, size) {
      const length = size >>> 0;
      const start = at(address, length);
      current();
      const text = whole.toString("latin1", start, start + length);
      // A NUL would end the path early for the system, behind our back.
      if (text.includes("\0")) throw new CallError(errno.inval);
      if (/[\x80-\xff]/.test(text) && !isUtf8(whole.subarray(start, start + length))) throw new CallError(errno.ilseq);
      return text;
    },
    u8: (address) => current().getUint8(at(address, 1)),
    u16: (address) => current().getUint16(at(address, 2), true),
    u32: (address) => current().getUint32(at(address, 4), true),
    u64: (address) => current().getBigUint64(at(address, 8), true),
    setU8: (address, value) => current().setUint8(at(address, 1), value),
    setU16: (address, value) => current().setUint16(at(address, 2), value, true),
    setU32: (address, value) => current().setUint32(at(address, 4), value, true),
    setU64: (address, value) => current().setBigUint64(at(address, 8), value, true),
  };
}
