import { expect, test } from "vitest";
import { createGuest } from "../support/guest.ts";
import type { Guest } from "../support/guest.ts";

/** The strings that pointers lead to, each up to its NUL. */
function strings(guest: Guest, pointers: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const start = guest.view().getUint32(pointers + 4 * i, true);
    const bytes = new Uint8Array(guest.memory.buffer);
    return guest.text(start, bytes.indexOf(0, start) - start);
  });
}

test.each([
  ["args_sizes_get", "args_get", "args"],
  ["environ_sizes_get", "environ_get", "env"],
] as const)("%s and %s give what was granted, one after another", (sizes, get, option) => {
  const guest = createGuest({ [option]: ["one", "ñandú=🎉", ""] });
  new Uint8Array(guest.memory.buffer, 512, 512).fill(0xff);
  expect(guest.call(sizes, 0, 4)).toBe("success");
  expect([guest.view().getUint32(0, true), guest.view().getUint32(4, true)]).toEqual([3, 4 + 13 + 1]);
  expect(guest.call(get, 64, 512)).toBe("success");
  expect(strings(guest, 64, 3)).toEqual(["one", "ñandú=🎉", ""]);
  expect(guest.view().getUint32(64, true)).toBe(512);
  expect(guest.view().getUint32(68, true)).toBe(516);
  // Not a byte more than its size says.
  expect(guest.view().getUint8(512 + 18)).toBe(0xff);
});

test("nothing is granted where nothing is said", () => {
  const guest = createGuest();
  for (const name of ["args_sizes_get", "environ_sizes_get"] as const) {
    guest.view().setBigUint64(0, -1n, true);
    expect(guest.call(name, 0, 4)).toBe("success");
    expect(guest.view().getBigUint64(0, true)).toBe(0n);
  }
});

test("arguments and variables are not mixed up", () => {
  const guest = createGuest({ args: ["argument"], env: ["NAME=value"] });
  guest.call("args_get", 0, 256);
  guest.call("environ_get", 4, 512);
  expect([strings(guest, 0, 1), strings(guest, 4, 1)]).toEqual([["argument"], ["NAME=value"]]);
});
