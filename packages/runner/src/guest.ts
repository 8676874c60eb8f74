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

/** As many as systems take in a call (IOV_MAX). A call that is given more moves what the first of them hold. */
const mostBuffers = 1024;

/** What a guest has that has not been instantiated yet. */
const noMemory = new WebAssembly.Memory({ initial: 0, maximum: 0 });
const noView = new DataView(noMemory.buffer);
const noBytes = Buffer.from(noMemory.buffer);

/** A guest that has not been instantiated yet: its memory is empty. */
export function createGuest(abi: Abi): Guest {
  let memory = noMemory;
  let view = noView;
  let whole = noBytes;

  // An i32 arrives signed: >>> 0 makes the address that the guest meant. When a
  // memory grows, its old buffer has no size any more, so that the one check
  // finds out both; asking for memory.buffer each time costs more than the rest.
  const at = (address: number, size: number): number => {
    const start = address >>> 0;
    if (start + size > whole.length || whole.length === 0) {
      view = new DataView(memory.buffer);
      whole = Buffer.from(memory.buffer);
      if (start + size > whole.length) throw new CallError(errno.fault);
    }
    return start;
  };
  const bytes = (address: number, size: number): Uint8Array => {
    const length = size >>> 0;
    const start = at(address, length);
    return new Uint8Array(whole.buffer, start, length);
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
      for (let i = 0; i < count >>> 0 && found.length < mostBuffers; i++) {
        const entry = entries + i * iovec.size;
        const length = view.getUint32(entry + iovec.buf_len, true);
        if (length > 0) found.push(bytes(view.getUint32(entry + iovec.buf, true), length));
      }
      return found;
    },
    path(address, size) {
      const length = size >>> 0;
      const start = at(address, length);
      const text = whole.toString("latin1", start, start + length);
      let isAscii = true;
      for (let i = 0; i < length; i++) {
        const byte = text.charCodeAt(i);
        // A NUL would end the path early for the system, behind our back.
        if (byte === 0) throw new CallError(errno.inval);
        if (byte >= 0x80) isAscii = false;
      }
      if (!isAscii && !isUtf8(whole.subarray(start, start + length))) throw new CallError(errno.ilseq);
      return text;
    },
    u8(address) {
      const start = at(address, 1);
      return view.getUint8(start);
    },
    u16(address) {
      const start = at(address, 2);
      return view.getUint16(start, true);
    },
    u32(address) {
      const start = at(address, 4);
      return view.getUint32(start, true);
    },
    u64(address) {
      const start = at(address, 8);
      return view.getBigUint64(start, true);
    },
    setU8(address, value) {
      const start = at(address, 1);
      view.setUint8(start, value);
    },
    setU16(address, value) {
      const start = at(address, 2);
      view.setUint16(start, value, true);
    },
    setU32(address, value) {
      const start = at(address, 4);
      view.setUint32(start, value, true);
    },
    setU64(address, value) {
      const start = at(address, 8);
      view.setBigUint64(start, value, true);
    },
  };
}
