import { describe, expect, test } from "vitest";
import { createGuestMemory } from "../src/guest-memory.ts";
import type { GuestMemory } from "../src/guest-memory.ts";
import { WasiError } from "../src/wasi-error.ts";

const pageSize = 65_536;
const fault = new WasiError("fault");

function withMemory(pages = 1) {
  const memory = new WebAssembly.Memory({ initial: pages });
  const guest = createGuestMemory();
  guest.memory = memory;
  return { guest, memory, view: new DataView(memory.buffer) };
}

test("every access is a fault before there is a memory", () => {
  const guest = createGuestMemory();
  expect(() => guest.u8(0)).toThrow(fault);
  expect(() => guest.setU64(0, 0n)).toThrow(fault);
  expect(() => guest.bytes(0, 1)).toThrow(fault);
  expect(guest.bytes(0, 0)).toHaveLength(0);
  expect(guest.memory.buffer.byteLength).toBe(0);
  expect(guest.wasMissed).toBe(true);
});

describe("numbers", () => {
  type Read = (guest: GuestMemory, address: number) => number | bigint;
  type Write = (guest: GuestMemory, address: number) => void;
  test.each<[size: number, value: number | bigint, read: Read, write: Write]>([
    [1, 0x81, (guest, at) => guest.u8(at), (guest, at) => guest.setU8(at, 0x81)],
    [2, 0x8281, (guest, at) => guest.u16(at), (guest, at) => guest.setU16(at, 0x8281)],
    [4, 0x84838281, (guest, at) => guest.u32(at), (guest, at) => guest.setU32(at, 0x84838281)],
    [8, 0x8887868584838281n, (guest, at) => guest.u64(at), (guest, at) => guest.setU64(at, 0x8887868584838281n)],
  ])("of %d bytes are little-endian and unsigned, up to the end of the memory", (size, value, read, write) => {
    const { guest, view } = withMemory();
    write(guest, 8);
    expect(Array.from({ length: 10 }, (_, i) => view.getUint8(7 + i))).toEqual(
      Array.from({ length: 10 }, (_, i) => (i > 0 && i <= size ? 0x80 + i : 0)),
    );
    expect(read(guest, 8)).toBe(value);
    write(guest, pageSize - size);
    expect(read(guest, pageSize - size)).toBe(value);
    for (const address of [pageSize - size + 1, pageSize, -1, (2 ** 31) | 0]) {
      expect(() => read(guest, address)).toThrow(fault);
      expect(() => write(guest, address)).toThrow(fault);
    }
  });

  test("follow a memory that grows, and one that takes the place of another", () => {
    const { guest, memory } = withMemory();
    const accesses = [
      () => guest.u8(pageSize),
      () => guest.u16(pageSize),
      () => guest.u32(pageSize),
      () => guest.u64(pageSize),
    ];
    for (const access of accesses) expect(access).toThrow(fault);
    memory.grow(1);
    for (const access of accesses) expect(Number(access())).toBe(0);
    guest.setU8(pageSize, 7);
    memory.grow(1);
    guest.setU16(2 * pageSize, 8);
    memory.grow(1);
    guest.setU32(3 * pageSize, 9);
    memory.grow(1);
    guest.setU64(4 * pageSize, 10n);
    const view = new DataView(memory.buffer);
    expect([1, 2, 3, 4].map((page) => view.getUint8(page * pageSize))).toEqual([7, 8, 9, 10]);
    memory.grow(1);
    expect([...guest.bytes(pageSize, 2)]).toEqual([7, 0]);
    const other = new WebAssembly.Memory({ initial: 1 });
    guest.memory = other;
    expect(guest.memory).toBe(other);
    expect(guest.u8(0)).toBe(0);
    expect(() => guest.u8(pageSize)).toThrow(fault);
  });

  test("below the old end, too, of a memory that grew", () => {
    const { guest, memory } = withMemory();
    guest.setU8(5, 1);
    memory.grow(1);
    expect(guest.u8(5)).toBe(1);
    guest.setU8(5, 2);
    expect(new Uint8Array(memory.buffer)[5]).toBe(2);
    memory.grow(1);
    expect(guest.bytes(0, 0)).toHaveLength(0);
  });
});

describe("bytes", () => {
  test("are the guest's own", () => {
    const { guest, view } = withMemory();
    guest.bytes(10, 2).set([1, 2]);
    expect([view.getUint8(10), view.getUint8(11)]).toEqual([1, 2]);
    expect(guest.bytes(pageSize - 1, 1)).toHaveLength(1);
    expect(guest.bytes(pageSize, 0)).toHaveLength(0);
    for (const [address, size] of [
      [pageSize, 1],
      [0, -1],
      [-1, 1],
      [pageSize + 1, 0],
    ] as const) {
      expect(() => guest.bytes(address, size)).toThrow(fault);
    }
  });

  test("above two gigabytes have addresses that arrive as negative ones", () => {
    const memory = new WebAssembly.Memory({ initial: 32_769 });
    const guest = createGuestMemory();
    guest.memory = memory;
    guest.setU32((2 ** 31) | 0, 5);
    expect(new DataView(memory.buffer).getUint32(2 ** 31, true)).toBe(5);
    expect(guest.bytes((2 ** 31) | 0, 4)[0]).toBe(5);
  });
});

function list(entries: readonly (readonly [address: number, size: number])[]) {
  const { guest, view } = withMemory();
  for (const [i, [address, size]] of entries.entries()) {
    view.setUint32(1024 + 8 * i, address, true);
    view.setUint32(1028 + 8 * i, size, true);
  }
  return guest;
}

describe("buffers", () => {
  test("are those of the list, without empty ones", () => {
    const guest = list([
      [10, 2],
      [0, 0],
      [pageSize - 1, 1],
      [-1, 0],
    ]);
    expect(guest.buffers(1024, 4).map(({ byteOffset, length }) => [byteOffset, length])).toEqual([
      [10, 2],
      [pageSize - 1, 1],
    ]);
    expect(guest.buffers(1024, 0)).toEqual([]);
    expect(guest.buffers(1024, 1)).toHaveLength(1);
  });

  test("are 1024 at most, of which empty ones are none", () => {
    const guest = list(Array.from({ length: 3000 }, (_, i) => [0, i % 2] as const));
    expect(guest.buffers(1024, 3000)).toHaveLength(1024);
  });

  test("beyond the memory are a fault, as is a list there", () => {
    const guest = list([
      [10, 2],
      [pageSize - 1, 2],
    ]);
    expect(() => guest.buffers(1024, 2)).toThrow(fault);
    expect(() => guest.buffers(pageSize - 15, 2)).toThrow(fault);
    expect(guest.buffers(pageSize - 16, 2)).toEqual([]);
    expect(() => guest.buffers(0, -1)).toThrow(fault);
  });
});

const put = (bytes: Uint8Array) => {
  const { guest } = withMemory();
  guest.bytes(64, bytes.length).set(bytes);
  return guest;
};

describe("a path", () => {
  test("is bytes, a character each", () => {
    expect(put(Buffer.from("a/ñ")).path(64, 4)).toBe("a/\xc3\xb1");
    expect(put(Buffer.from([0xff, 0x80])).path(64, 2)).toBe("\xff\x80");
    expect(put(Buffer.from("ab")).path(64, 1)).toBe("a");
    expect(put(Buffer.from("")).path(64, 0)).toBe("");
  });

  test("holds no NUL", () => {
    expect(() => put(Buffer.from("a\0b")).path(64, 3)).toThrow(new WasiError("inval"));
    expect(() => put(Buffer.from("a\0")).path(64, 2)).toThrow(new WasiError("inval"));
    expect(put(Buffer.from("a\0")).path(64, 1)).toBe("a");
  });

  test("has 4,095 bytes at most", () => {
    const guest = put(Buffer.alloc(4096, "x"));
    expect(guest.path(64, 4095)).toHaveLength(4095);
    expect(() => guest.path(64, 4096)).toThrow(new WasiError("nametoolong"));
    expect(() => guest.path(pageSize, 4096)).toThrow(fault);
  });
});
