import { WasiError } from "@wasi-kit/wasi";
import type { GuestMemory } from "@wasi-kit/wasi";
import { utf8Text } from "../text/bytes.ts";

/**
 * The guest that calls functions of the host, with its memory and its functions.
 * Addresses and sizes come from the guest, and are checked.
 */
export interface CallingGuest {
  /**
   * The bytes at an address. They are a view of the guest's memory, not a copy, and
   * are valid until the guest runs again.
   *
   * @throws GuestMemoryError if they go past the end of the memory
   */
  bytes(address: number, size: number): Uint8Array;
  /**
   * The text at an address, decoded as UTF-8.
   *
   * @param size - in bytes. Default: up to the first NUL, as for a string in C
   * @throws GuestMemoryError if it goes past the end of the memory
   */
  text(address: number, size?: number): string;
  /**
   * Writes bytes to an address, or a text as UTF-8.
   *
   * @returns how many bytes
   * @throws GuestMemoryError if they go past the end of the memory: nothing is written then
   */
  write(address: number, data: string | Uint8Array): number;
  /** All of its memory, for numbers: `view().getFloat64(address, true)`. It is valid until the guest runs again. */
  view(): DataView;
  /**
   * What the guest exports. A function of the host may call these functions. If one
   * ends early (by a trap or `proc_exit`), the run ends, unless the host catches it.
   */
  readonly exports: WebAssembly.Exports;
}

/** Thrown to a function of the host that asked for bytes past the end of the guest's memory. */
export class GuestMemoryError extends RangeError {
  /** The address of the first byte. */
  readonly address: number;
  /** The number of bytes. */
  readonly size: number;
  /** The size of the guest's memory, in bytes. */
  readonly memoryBytes: number;

  constructor(address: number, size: number, memoryBytes: number) {
    super(`${size} bytes at ${address} go past the end of the guest's memory, which has ${memoryBytes} bytes.`);
    this.name = "GuestMemoryError";
    this.address = address;
    this.size = size;
    this.memoryBytes = memoryBytes;
  }
}

/** A guest that has been instantiated. */
export interface RunningGuest {
  readonly exports: WebAssembly.Exports;
  /** Absent if it exports none. */
  readonly memory?: GuestMemory;
}

let encoder: TextEncoder | undefined;

/**
 * @param running - undefined before the guest is instantiated
 * @param handOut - learns of each part of the memory that a function may write. Default: nobody does
 */
export function createCallingGuest(
  running: () => RunningGuest | undefined,
  handOut?: (address: number, size: number) => void,
): CallingGuest {
  const started = (): RunningGuest => {
    const guest = running();
    if (guest) return guest;
    throw new Error("The guest is not instantiated yet: its memory and its functions are there once it has started.");
  };
  let known: GuestMemory | undefined;
  const memory = (): GuestMemory => {
    // A function may ask for bytes a million times a second.
    if (known) return known;
    known = started().memory;
    if (known) return known;
    throw new Error('The guest exports no memory. In WAT: (memory (export "memory") 1).');
  };
  const bytes = (address: number, size: number): Uint8Array => {
    const found = memory();
    try {
      return found.bytes(address, size);
    } catch (error) {
      if (!(error instanceof WasiError)) throw error;
      throw new GuestMemoryError(address >>> 0, size >>> 0, found.memory.buffer.byteLength);
    }
  };
  const untilNul = (address: number): Uint8Array => {
    const size = memory().memory.buffer.byteLength;
    const rest = bytes(address, Math.max(size - (address >>> 0), 1));
    const end = rest.indexOf(0);
    if (end < 0) throw new GuestMemoryError(address >>> 0, rest.length + 1, size);
    return rest.subarray(0, end);
  };
  const handOutAll = (): void => {
    const size = started().memory?.memory.buffer.byteLength;
    if (size !== undefined) handOut?.(0, size);
  };
  return {
    bytes(address, size) {
      const found = bytes(address, size);
      handOut?.(address, size);
      return found;
    },
    text: (address, size) => utf8Text(size === undefined ? untilNul(address) : bytes(address, size)),
    write(address, data) {
      const written = typeof data === "string" ? (encoder ??= new TextEncoder()).encode(data) : data;
      const into = bytes(address, written.length);
      handOut?.(address, written.length);
      into.set(written);
      return written.length;
    },
    view() {
      const view = new DataView(memory().memory.buffer);
      handOutAll();
      return view;
    },
    get exports() {
      // The memory is one of them.
      handOutAll();
      return started().exports;
    },
  };
}
