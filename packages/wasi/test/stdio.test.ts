import { describe, expect, test } from "vitest";
import { rights } from "../src/abi/rights.ts";
import { bytesSource, createFlushOrder, endStream, functionSink, outputTo, stdinFrom } from "../src/stdio.ts";
import type { StdioStream } from "../src/stdio.ts";

const readAll = (stream: Pick<StdioStream, "read">, size: number): string[] => {
  const chunks: string[] = [];
  for (;;) {
    const into = Buffer.alloc(size);
    const count = stream.read?.(into) ?? 0;
    if (count === 0) return chunks;
    chunks.push(into.toString("utf8", 0, count));
  }
};

describe("bytesSource", () => {
  test("gives text as UTF-8, in pieces as large as asked for", () => {
    expect(readAll(bytesSource("añb"), 3)).toEqual(["añ", "b"]);
    expect(readAll(bytesSource(Uint8Array.of(97, 98, 99)), 2)).toEqual(["ab", "c"]);
  });

  test("says how much is left, and does not keep anyone waiting", () => {
    const source = bytesSource("abc");
    expect(source.poll(0n)).toEqual({ nbytes: 3n, isHangup: false });
    source.read(new Uint8Array(2));
    expect(source.poll(0n)).toEqual({ nbytes: 1n, isHangup: false });
    source.read(new Uint8Array(2));
    expect(source.poll(0n)).toEqual({ nbytes: 0n, isHangup: true });
    expect(source.isTerminal()).toBe(false);
  });
});

test("functionSink gives each write to a function, as it is", () => {
  const given: Uint8Array[] = [];
  const sink = functionSink((bytes) => void given.push(bytes));
  const bytes = Buffer.from("abc");
  expect(sink.write(bytes)).toBe(3);
  expect(given).toEqual([bytes]);
  expect(given[0]).toBe(bytes);
  expect(sink.isTerminal()).toBe(false);
});

test("streams have the rights of what they can do", () => {
  const both = ["fd_fdstat_set_flags", "fd_filestat_get", "poll_fd_readwrite"] as const;
  const source = bytesSource("");
  expect(stdinFrom(source)).toEqual({
    kind: "stream",
    name: "stdin",
    rightsBase: rights("fd_read", ...both),
    flags: 0,
    ...source,
  });
  const sink = functionSink(() => undefined);
  const rightsBase = rights("fd_write", "fd_sync", "fd_datasync", ...both);
  expect(outputTo("stderr", sink)).toEqual({ kind: "stream", name: "stderr", rightsBase, flags: 0, ...sink });
});

const buffered = (calls: string[], fails = false): StdioStream =>
  outputTo("stdout", {
    ...functionSink(() => undefined),
    flush: () => {
      calls.push("flush");
      if (fails) throw new Error("full");
    },
    close: () => void calls.push("close"),
  });

describe("endStream", () => {
  test("flushes, then closes", () => {
    const calls: string[] = [];
    endStream(buffered(calls));
    expect(calls).toEqual(["flush", "close"]);
  });

  test("closes even if flushing fails", () => {
    const calls: string[] = [];
    expect(() => endStream(buffered(calls, true))).toThrow("full");
    expect(calls).toEqual(["flush", "close"]);
  });

  test("asks for nothing that a stream does not have", () => {
    expect(() =>
      endStream(
        outputTo(
          "stdout",
          functionSink(() => undefined),
        ),
      ),
    ).not.toThrow();
  });
});

test("createFlushOrder flushes what moved before, once, unless it moves again", () => {
  const calls: string[] = [];
  const stream = (name: "stdout" | "stderr"): StdioStream =>
    outputTo(name, { ...functionSink(() => undefined), flush: () => void calls.push(name) });
  const [stdout, stderr] = [stream("stdout"), stream("stderr")];
  const unbuffered = stdinFrom(bytesSource(""));
  const flushOthers = createFlushOrder();
  flushOthers();
  flushOthers(stdout);
  flushOthers(stdout);
  expect(calls).toEqual([]);
  flushOthers(stderr);
  expect(calls).toEqual(["stdout"]);
  flushOthers(unbuffered);
  flushOthers(stdout);
  expect(calls).toEqual(["stdout", "stderr"]);
  flushOthers();
  flushOthers();
  expect(calls).toEqual(["stdout", "stderr", "stdout"]);
});
