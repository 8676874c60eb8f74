import { expect, test } from "vitest";
import { callWithLimits } from "../../src/limits/call-with-limits.ts";

const loop = (): void => {
  for (;;);
};

test("a call that comes to its end is cut short by nothing", () => {
  for (const ends of [{}, { timeoutMs: 60_000 }, { handleSigint: true }, { timeoutMs: 60_000, handleSigint: true }]) {
    let calls = 0;
    expect(callWithLimits(() => void calls++, ends)).toBeUndefined();
    expect(calls).toBe(1);
  }
});

test.each([1, 0.2, 30])("a call that does not is ended after %d ms", (timeoutMs) => {
  const start = performance.now();
  expect(callWithLimits(loop, { timeoutMs })).toBe("timed-out");
  expect(performance.now() - start).toBeGreaterThanOrEqual(timeoutMs - 1);
});

test("what a call throws is thrown, whatever it is", () => {
  const errors = [new Error("a defect"), Object.assign(new Error("not found"), { code: "ENOENT" }), undefined, "text"];
  for (const error of errors) {
    const call = (): void => {
      throw error;
    };
    for (const ends of [{}, { timeoutMs: 60_000 }]) {
      let thrown: unknown = "nothing";
      try {
        callWithLimits(call, ends);
      } catch (caught) {
        thrown = caught;
      }
      expect(thrown).toBe(error);
    }
  }
});

test("calls can be made within calls, and the inner one's end is its own", () => {
  const outcomes: unknown[] = [];
  const outer = callWithLimits(
    () => {
      outcomes.push(callWithLimits(loop, { timeoutMs: 5 }));
      outcomes.push(callWithLimits(() => undefined, { timeoutMs: 60_000 }));
    },
    { timeoutMs: 60_000 },
  );
  expect([outer, ...outcomes]).toEqual([undefined, "timed-out", undefined]);
});

test("nothing is left in the global object", () => {
  const before = Reflect.ownKeys(globalThis);
  callWithLimits(() => expect(Reflect.ownKeys(globalThis)).toEqual(before), { timeoutMs: 60_000 });
  callWithLimits(loop, { timeoutMs: 5 });
  expect(Reflect.ownKeys(globalThis)).toEqual(before);
});

test("Ctrl-C ends it where that is asked for", () => {
  const interrupted = callWithLimits(
    () => {
      process.kill(process.pid, "SIGINT");
      loop();
    },
    { timeoutMs: 60_000, handleSigint: true },
  );
  expect(interrupted).toBe("aborted");
});
