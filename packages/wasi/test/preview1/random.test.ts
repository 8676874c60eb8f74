import { expect, test } from "vitest";
import { createGuest } from "../support/guest.ts";

test("random_get fills what it is asked to, and no more", () => {
  const guest = createGuest({ random: (target) => void target.fill(7) });
  expect(guest.call("random_get", 64, 3)).toBe("success");
  expect([...new Uint8Array(guest.memory.buffer, 63, 5)]).toEqual([0, 7, 7, 7, 0]);
  expect(guest.call("random_get", 2 * 65_536 - 2, 3)).toBe("fault");
});
