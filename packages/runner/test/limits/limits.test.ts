import { expect, test } from "vitest";
import {
  defaultHeapBytes,
  hasDeadline,
  pickModuleLimits,
  poolLimits,
  withLimits,
  withoutModuleLimits,
} from "../../src/limits/limits.ts";
import { isFromOutside } from "../../src/limits/run-termination.ts";

test("what a run in a pool may use is what the documentation of each limit says", () => {
  expect(poolLimits).toEqual({
    timeoutMs: 60_000,
    maxCpuMs: 60_000,
    maxMemoryBytes: 268_435_456,
    maxMemories: 10,
    maxTableElements: 1_000_000,
    maxGcTypes: 0,
    maxOutputBytes: 67_108_864,
    maxInputBytes: 67_108_864,
    maxCalls: 10_000_000,
    maxWrittenBytes: 67_108_864,
    maxFiles: 10_000,
    maxDescriptors: 256,
    maxDepth: 32,
  });
  expect(defaultHeapBytes).toBe(536_870_912);
});

test("a run has a deadline if its time is limited", () => {
  expect([{}, { timeoutMs: Infinity }, { timeoutMs: 0 }, { timeoutMs: 1e9 }].map(hasDeadline)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test("limits that are set come before those of others, and nothing is changed", () => {
  const options = { maxFiles: 3, args: ["a"] };
  const limits = { maxFiles: 5, maxDepth: 7 };
  expect(withLimits(options, limits)).toEqual({ maxFiles: 3, args: ["a"], maxDepth: 7 });
  expect(options).toEqual({ maxFiles: 3, args: ["a"] });
  expect(withLimits({ maxFiles: 0 }, limits)).toEqual({ maxFiles: 0, maxDepth: 7 });
  expect(withLimits({ maxFiles: undefined } as object, limits)).toEqual(limits);
  expect(Object.keys(withLimits({}, { maxCpuMs: 1 }))).toEqual(["maxCpuMs"]);
});

test("the limits of a module and those of a run are told apart", () => {
  const ofModule = { maxMemoryBytes: 1, maxMemories: 2, maxTableElements: 3, maxGcTypes: 0 };
  const ofRun = { timeoutMs: 5, maxOutputBytes: 6, maxCpuMs: 7 };
  expect(pickModuleLimits({ ...ofRun, ...ofModule })).toEqual(ofModule);
  expect(withoutModuleLimits({ ...ofRun, ...ofModule })).toEqual(ofRun);
  expect(Object.keys(pickModuleLimits({ maxMemories: 2 }))).toEqual(["maxMemories"]);
});

test("a deadline, the CPU time and an abort come from outside, all else from a call", () => {
  const outcomes = ["timed-out", "cpu-limit", "aborted", "output-limit", "call-limit", "exited", "trapped"] as const;
  expect(outcomes.filter(isFromOutside)).toEqual(["timed-out", "cpu-limit", "aborted"]);
});
