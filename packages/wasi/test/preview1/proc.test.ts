import { expect, test } from "vitest";
import { ProcessExit } from "../../src/preview1/proc.ts";
import { createGuest } from "../support/guest.ts";

test.each([
  [0, 0],
  [3, 3],
  [-1, 4_294_967_295],
])("proc_exit %d leaves the guest with the exit code %d", (given, exitCode) => {
  const guest = createGuest();
  let thrown: unknown;
  try {
    guest.call("proc_exit", given);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ProcessExit);
  expect(thrown).toEqual({ exitCode });
});

test("a signal is not raised, and giving way is nothing to do", () => {
  const guest = createGuest();
  expect(guest.call("proc_raise", 9)).toBe("notsup");
  expect(guest.call("sched_yield")).toBe("success");
});
