import { functionSink, outputTo, WasiError } from "@wasi-kit/wasi";
import type { StdioStream } from "@wasi-kit/wasi";
import { errno } from "@wasi-kit/wasi/abi";
import type { FunctionName } from "@wasi-kit/wasi/abi";
import { describe, expect, test } from "vitest";
import { createRecorder } from "../../src/explain/recorder.ts";
import type { CallRecorder } from "../../src/explain/recorder.ts";
import type { Argument, Decoder } from "../../src/trace/decode.ts";

/** A recorder that decodes the first argument of a call. Each call that moves bytes moves what its last argument says. */
const create = (): CallRecorder =>
  createRecorder(
    { u32: (address) => address },
    () => ({ args: (_: string, [first]: readonly Argument[]) => ({ first: Number(first) }) }) as unknown as Decoder,
  );

/** What sixteen calls have as arguments, from a number on. */
const sixteen = (from: number): unknown[] => Array.from({ length: 16 }, (_, i) => ({ first: from + i }));

describe("failed calls", () => {
  test("are the last sixteen, oldest first", () => {
    const recorder = create();
    const fail = recorder.record("path_unlink_file", () => errno.noent);
    for (let i = 0; i < 16; i++) fail(i);
    const first = (): unknown[] => recorder.diagnostics().failedCalls.map(({ args }) => args);
    expect(first()).toEqual(sixteen(0));
    for (let i = 16; i < 100; i++) fail(i);
    expect(first()).toEqual(sixteen(84));
  });

  test("have the errno that was returned or thrown, which the guest gets", () => {
    const recorder = create();
    const throwing = recorder.record("path_open", () => {
      throw new WasiError("acces");
    });
    expect([recorder.record("fd_sync", () => errno.io)(1), throwing(2)]).toEqual([errno.io, errno.acces]);
    expect(recorder.record("fd_sync", () => errno.success)(3)).toBe(errno.success);
    expect(recorder.diagnostics().failedCalls).toEqual([
      { name: "fd_sync", args: { first: 1 }, errno: "io" },
      { name: "path_open", args: { first: 2 }, errno: "acces" },
    ]);
  });

  test("are not those that end every list of preopens", () => {
    const recorder = create();
    for (const code of [errno.badf, errno.fault]) recorder.record("fd_prestat_get", () => code)(3);
    expect(recorder.diagnostics().failedCalls.map((call) => call.errno)).toEqual(["fault"]);
  });

  test("are no others than calls that fail with an errno", () => {
    const failing = create().record("fd_sync", () => {
      throw new TypeError("a defect");
    });
    expect(() => failing(1)).toThrow(new TypeError("a defect"));
  });
});

test("a call that the run ends in is pending, if it is one that waits", () => {
  for (const [name, isWaiting] of [
    ["fd_read", true],
    ["poll_oneoff", true],
    ["fd_write", false],
  ] as const) {
    const recorder = create();
    const ended = recorder.record(name, () => {
      throw new Error("the end");
    });
    expect(() => ended(7)).toThrow("the end");
    expect(recorder.diagnostics().pendingCall).toEqual(isWaiting ? { name, args: { first: 7 } } : undefined);
    recorder.record(name, () => errno.success)(8);
    expect(recorder.diagnostics()).not.toHaveProperty("pendingCall");
  }
});

test("which lists were read is recorded", () => {
  const recorder = create();
  expect(recorder.diagnostics().queried).toEqual({ args: false, env: false, preopens: false });
  recorder.record("args_sizes_get", () => errno.success)(0);
  recorder.record("fd_prestat_get", () => errno.badf)(3);
  expect(recorder.diagnostics().queried).toEqual({ args: true, env: false, preopens: true });
});

test("calls are counted, and the bytes that those that succeed move", () => {
  const recorder = create();
  const make = (name: FunctionName, code: number, ...args: Argument[]) => recorder.record(name, () => code)(...args);
  expect(recorder.stats()).toEqual({ calls: 0, bytesRead: 0, bytesWritten: 0, inputBytes: 0, outputBytes: 0 });
  make("fd_read", errno.success, 0, 64, 1, 3);
  make("fd_pread", errno.success, 4, 64, 1, 0n, 20);
  make("fd_write", errno.success, 1, 64, 1, 100);
  make("fd_pwrite", errno.success, 4, 64, 1, 0n, 1000);
  make("fd_write", errno.io, 1, 64, 1, 5000);
  make("fd_close", errno.success, 4);
  expect(recorder.stats()).toMatchObject({ calls: 6, bytesRead: 23, bytesWritten: 1100 });
});

const tailOf = (...texts: string[]): string => {
  const recorder = create();
  const stderr: StdioStream = outputTo(
    "stderr",
    functionSink(() => undefined),
  );
  recorder.recordTail(stderr);
  for (const text of texts) expect(stderr.write?.(Buffer.from(text))).toBe(text.length);
  return recorder.diagnostics().stderrTail;
};

describe("the end of stderr", () => {
  test("is the last 4,096 bytes, in whatever pieces they were written", () => {
    const text = Array.from({ length: 3000 }, (_, i) => String(i)).join(" ");
    const pieces = (size: number): string[] =>
      Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
    for (const size of [1, 7, 1000, 4095, 4096, 4097, 9000, text.length]) {
      expect(tailOf(...pieces(size))).toBe(text.slice(-4096));
    }
    expect([tailOf(), tailOf("short"), tailOf("one ", "two")]).toEqual(["", "short", "one two"]);
  });

  test("is what was taken, not what was offered", () => {
    const recorder = create();
    const stderr = outputTo("stderr", { isTerminal: () => false, write: () => 2 });
    recorder.recordTail(stderr);
    expect(stderr.write?.(Buffer.from("abc"))).toBe(2);
    expect(recorder.diagnostics().stderrTail).toBe("ab");
  });
});
