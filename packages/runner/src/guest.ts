import { errno } from "./preview1/errno.ts";

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
  /** Its memory, from instantiation on. */
  memory: WebAssembly.Memory;
  /** The bytes at an address, not copied: valid until the guest runs again. */
  bytes(address: number, size: number): Uint8Array;
  /** Reads the u32 at an address. */
  u32(address: number): number;
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
export function createGuest(): Guest {
  let memory = new WebAssembly.Memory({ initial: 0 });
  let view = new DataView(memory.buffer);

  // memory.grow replaces the buffer, so a view is good for one call only.
  const current = (): DataView => {
    if (view.buffer !== memory.buffer) view = new DataView(memory.buffer);
    return view;
  };
  // An i32 arrives signed: >>> 0 makes the address that the guest meant.
  const at = (address: number, size: number): number => {
    const start = address >>> 0;
    if (start + size > memory.buffer.byteLength) throw new CallError(errno.fault);
    return start;
  };

  return {
    get memory() {
      return memory;
    },
    set memory(value) {
      memory = value;
    },
    bytes(address, size) {
      const length = size >>> 0;
      return new Uint8Array(memory.buffer, at(address, length), length);
    },
    u32: (address) => current().getUint32(at(address, 4), true),
    setU8: (address, value) => current().setUint8(at(address, 1), value),
    setU16: (address, value) => current().setUint16(at(address, 2), value, true),
    setU32: (address, value) => current().setUint32(at(address, 4), value, true),
    setU64: (address, value) => current().setBigUint64(at(address, 8), value, true),
  };
}
