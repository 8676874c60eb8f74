import { iovec } from "./abi/layouts.ts";
import type { ByteString } from "./fs/file-system.ts";
import { WasiError } from "./wasi-error.ts";

/** A guest's linear memory. Addresses come from the guest, so each access is checked. @throws WasiError `fault` */
export interface GuestMemory {
  /** The memory that the guest exports. Set after instantiation. */
  memory: WebAssembly.Memory;
  /** Whether it was asked for before it was set, which a start section does that calls WASI. */
  readonly wasMissed: boolean;
  /** The bytes at an address, not copied. Valid until the guest runs again. */
  bytes(address: number, size: number): Uint8Array;
  /** The buffers of a list (`iovec` or `ciovec`), without the empty ones. */
  buffers(list: number, count: number): Uint8Array[];
  /** The path at an address. @throws WasiError `inval` if it holds a NUL, `nametoolong` */
  path(address: number, size: number): ByteString;
  u8(address: number): number;
  u16(address: number): number;
  u32(address: number): number;
  u64(address: number): bigint;
  setU8(address: number, value: number): void;
  setU16(address: number, value: number): void;
  setU32(address: number, value: number): void;
  setU64(address: number, value: bigint): void;
}

/** The largest number of buffers of a call (`IOV_MAX` on Linux). Further ones are ignored, which makes a short read or write. */
const maxBuffers = 1024;

/** The largest number of bytes of a path: one less than `PATH_MAX` on Linux, which counts the NUL. */
const maxPathBytes = 4095;

/** The memory of a guest that has not been instantiated yet. */
const noMemory = new WebAssembly.Memory({ initial: 0, maximum: 0 });
const noBuffer = noMemory.buffer;
const noView = new DataView(noBuffer);

/** A guest's memory before it is instantiated: empty. Every access throws `fault` until `memory` is set. */
export function createGuestMemory(): GuestMemory {
  let memory = noMemory;
  // Kept: to read it from the memory, or from an array over it, takes longer than all the rest of an access.
  let buffer = noBuffer;
  let view = noView;
  let wasMissed = false;

  // An i32 arrives signed, and >>> 0 makes it unsigned. When a memory grows, its
  // old buffer is detached and has size 0, so one check finds both that and an
  // address outside.
  const checked = (address: number, length: number): number => {
    const start = address >>> 0;
    if (start + length > buffer.byteLength || buffer.byteLength === 0) {
      buffer = memory.buffer;
      view = new DataView(buffer);
      wasMissed ||= memory === noMemory;
      if (start + length > buffer.byteLength) throw new WasiError("fault");
    }
    return start;
  };
  const bytes = (address: number, length: number): Uint8Array => {
    const start = checked(address, length >>> 0);
    return new Uint8Array(buffer, start, length >>> 0);
  };

  return {
    get memory() {
      return memory;
    },
    set memory(value) {
      memory = value;
      buffer = noBuffer;
    },
    get wasMissed() {
      return wasMissed;
    },
    bytes,
    buffers(list, count) {
      const found: Uint8Array[] = [];
      const entries = checked(list, (count >>> 0) * iovec.size);
      for (let i = 0; i < count >>> 0 && found.length < maxBuffers; i++) {
        const entry = entries + i * iovec.size;
        const length = view.getUint32(entry + iovec.buf_len, true);
        if (length > 0) found.push(bytes(view.getUint32(entry + iovec.buf, true), length));
      }
      return found;
    },
    path(address, length) {
      const text = bytes(address, length);
      if (text.length > maxPathBytes) throw new WasiError("nametoolong");
      // A NUL would end the path early for the host.
      if (text.includes(0)) throw new WasiError("inval");
      return toByteString(text);
    },
    // `checked` may replace the view, so it comes first.
    u8(address) {
      const start = checked(address, 1);
      return view.getUint8(start);
    },
    u16(address) {
      const start = checked(address, 2);
      return view.getUint16(start, true);
    },
    u32(address) {
      const start = checked(address, 4);
      return view.getUint32(start, true);
    },
    u64(address) {
      const start = checked(address, 8);
      return view.getBigUint64(start, true);
    },
    setU8(address, value) {
      const start = checked(address, 1);
      view.setUint8(start, value);
    },
    setU16(address, value) {
      const start = checked(address, 2);
      view.setUint16(start, value, true);
    },
    setU32(address, value) {
      const start = checked(address, 4);
      view.setUint32(start, value, true);
    },
    setU64(address, value) {
      const start = checked(address, 8);
      view.setBigUint64(start, value, true);
    },
  };
}

/** Few bytes as a string, one character for each. */
const toByteString = (bytes: Uint8Array): ByteString =>
  String.fromCharCode.apply(undefined, bytes as unknown as number[]);
