import { expect, test } from "vitest";
import type { Clock } from "../../src/clock.ts";
import { createGuest } from "../support/guest.ts";

const clock: Clock = {
  resolution: (id) => BigInt(id) + 10n,
  read: (id) => BigInt(id) + 1_600_000_000_000_000_000n,
  now: () => 0n,
  sleep: () => undefined,
  pollTimeout: (left) => left,
};

test("a clock's time and resolution are written as they are", () => {
  const guest = createGuest({ clock });
  expect(guest.call("clock_time_get", 3, 0n, 64)).toBe("success");
  expect(guest.call("clock_res_get", 2, 72)).toBe("success");
  expect([64, 72].map((at) => guest.view().getBigUint64(at, true))).toEqual([1_600_000_000_000_000_003n, 12n]);
});
