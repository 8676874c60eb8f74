import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { fdflags, oflags, whence } from "../../src/abi/index.ts";
import { rights } from "../../src/abi/rights.ts";
import { memory } from "../../src/fs/memory.ts";
import type { MemoryTree } from "../../src/fs/memory.ts";
import { hostDirectory } from "../../src/node/host-directory.ts";
import { bytesSource, functionSink, outputTo, stdinFrom } from "../../src/stdio.ts";
import { createGuest, open, putIovecs } from "../support/guest.ts";
import type { Guest, GuestOptions } from "../support/guest.ts";
import { temporaryDirectory } from "../support/file-systems.ts";

const countAt = 64;

function withFiles(tree: MemoryTree, options?: GuestOptions) {
  const files = memory(tree);
  const guest = createGuest({ preopens: { "/": files }, ...options });
  return { guest, content: (path: string) => Buffer.from(files.readFile(path)).toString() };
}

/** Reads into buffers of these sizes. @returns the errno, how many bytes, and what each buffer then holds */
function read(guest: Guest, fd: number, sizes: readonly number[], offset?: bigint): unknown[] {
  const list = putIovecs(guest, sizes);
  guest.view().setUint32(countAt, 99, true);
  const error =
    offset === undefined
      ? guest.call("fd_read", fd, list, sizes.length, countAt)
      : guest.call("fd_pread", fd, list, sizes.length, offset, countAt);
  if (error !== "success") return [error];
  const texts = sizes.map((size, i) => guest.text(guest.view().getUint32(list + 8 * i, true), size));
  return [guest.view().getUint32(countAt, true), ...texts];
}

/** Writes texts, a buffer each. @returns how many bytes, or the errno */
function write(guest: Guest, fd: number, texts: readonly string[], offset?: bigint): number | string {
  const list = putIovecs(guest, texts);
  const error =
    offset === undefined
      ? guest.call("fd_write", fd, list, texts.length, countAt)
      : guest.call("fd_pwrite", fd, list, texts.length, offset, countAt);
  return error === "success" ? guest.view().getUint32(countAt, true) : error;
}

const tell = (guest: Guest, fd: number): bigint => {
  expect(guest.call("fd_tell", fd, 128)).toBe("success");
  return guest.view().getBigUint64(128, true);
};

describe("a file", () => {
  test("is read and written where it stands", () => {
    const { guest, content } = withFiles({ file: "0123456789" });
    const fd = open(guest, "file");
    expect(read(guest, fd, [2, 0, 3])).toEqual([5, "01", "", "234"]);
    expect(write(guest, fd, ["A", "BC"])).toBe(3);
    expect(tell(guest, fd)).toBe(8n);
    expect(read(guest, fd, [5])).toEqual([2, "89\0\0\0"]);
    expect(read(guest, fd, [5])).toEqual([0, "\0\0\0\0\0"]);
    expect(content("file")).toBe("01234ABC89");
  });

  test("is read and written elsewhere, and stands where it did", () => {
    const { guest, content } = withFiles({ file: "0123456789" });
    const fd = open(guest, "file");
    expect(read(guest, fd, [3], 7n)).toEqual([3, "789"]);
    expect(write(guest, fd, ["XY"], 1n)).toBe(2);
    expect(tell(guest, fd)).toBe(0n);
    expect(content("file")).toBe("0XY3456789");
    expect(read(guest, fd, [1], 2n ** 53n - 1n)).toEqual([0, "\0"]);
    expect([read(guest, fd, [1], 2n ** 53n), read(guest, fd, [1], -1n)]).toEqual([["inval"], ["inval"]]);
    expect([write(guest, fd, ["x"], 2n ** 53n), write(guest, fd, ["x"], -1n)]).toEqual(["fbig", "fbig"]);
  });

  test("that appends stands at its end after a write", () => {
    const { guest, content } = withFiles({ file: "0123" });
    const fd = open(guest, "file", { fdflags: fdflags.append });
    expect(read(guest, fd, [1])).toEqual([1, "0"]);
    expect(write(guest, fd, ["ab", "c"])).toBe(3);
    expect(tell(guest, fd)).toBe(7n);
    expect(write(guest, fd, ["d"], 0n)).toBe(1);
    expect(tell(guest, fd)).toBe(7n);
    expect(content("file")).toBe("0123abcd");
  });

  test("appends whatever the offset, also where the host's descriptor does not", () => {
    const host = temporaryDirectory();
    writeFileSync(join(host, "file"), "0123");
    const guest = createGuest({ preopens: { "/": hostDirectory(host, { hold: "path" }) } });
    const fd = open(guest, "file");
    expect(guest.call("fd_fdstat_set_flags", fd, fdflags.append)).toBe("success");
    expect([write(guest, fd, ["ab"], 0n), write(guest, fd, ["c"])]).toEqual([2, 1]);
    expect(tell(guest, fd)).toBe(7n);
    expect(guest.call("fd_fdstat_set_flags", fd, 0)).toBe("success");
    expect(write(guest, fd, ["X"], 0n)).toBe(1);
    expect(readFileSync(join(host, "file"), "utf8")).toBe("X123abc");
  });

  test("moves what there is room for", () => {
    const files = memory({ file: "" }, { maxBytes: 70_000 });
    const guest = createGuest({ preopens: { "/": files } });
    const fd = open(guest, "file");
    expect(write(guest, fd, ["x".repeat(40_000)])).toBe(40_000);
    expect(write(guest, fd, ["y".repeat(40_000)])).toBe(25_536);
    expect(tell(guest, fd)).toBe(65_536n);
    expect(write(guest, fd, ["z".repeat(9000)])).toBe("nospc");
  });

  test("moves more than a list can hold in several calls", () => {
    const { guest } = withFiles({ file: "x".repeat(2000) });
    const fd = open(guest, "file");
    expect(
      read(
        guest,
        fd,
        Array.from({ length: 1100 }, () => 1),
      )[0],
    ).toBe(1024);
    expect(
      read(
        guest,
        fd,
        Array.from({ length: 1024 }, () => 1),
      )[0],
    ).toBe(976);
  });
});

test("a directory is not read or written, whatever its rights", () => {
  const { guest } = withFiles({ dir: {} });
  const fd = open(guest, "dir", { oflags: oflags.directory, rights: rights("fd_read", "fd_seek") });
  expect([read(guest, fd, [1]), read(guest, fd, [1], 0n)]).toEqual([["isdir"], ["isdir"]]);
  expect([write(guest, fd, ["x"]), write(guest, fd, ["x"], 0n), write(guest, 3, ["x"])]).toEqual([
    "notcapable",
    "notcapable",
    "notcapable",
  ]);
});

test("a list or a count beyond the memory is a fault", () => {
  const { guest, content } = withFiles({ file: "abc" });
  const fd = open(guest, "file");
  const end = 2 * 65_536;
  expect(guest.call("fd_read", fd, end - 7, 1, countAt)).toBe("fault");
  expect(guest.call("fd_write", fd, end - 7, 1, countAt)).toBe("fault");
  const list = putIovecs(guest, ["xyz"]);
  guest.view().setUint32(list, end - 2, true);
  expect(guest.call("fd_write", fd, list, 1, countAt)).toBe("fault");
  expect(content("file")).toBe("abc");
  expect(guest.call("fd_read", fd, putIovecs(guest, [1]), 1, end - 3)).toBe("fault");
});

describe("streams", () => {
  test("have no offsets", () => {
    const guest = createGuest({ stdin: "abc" });
    expect([read(guest, 0, [1], 0n), write(guest, 1, ["x"], 0n)]).toEqual([["spipe"], "spipe"]);
  });

  test("input fills one buffer after another, output takes them", () => {
    const guest = createGuest({ stdin: "abcdef" });
    expect(read(guest, 0, [2, 3])).toEqual([5, "ab", "cde"]);
    expect(read(guest, 0, [2, 3])).toEqual([1, "f\0", "\0\0\0"]);
    expect(read(guest, 0, [2])).toEqual([0, "\0\0"]);
    expect(write(guest, 1, ["one ", "", "two"])).toBe(7);
    expect(write(guest, 2, ["three"])).toBe(5);
    expect(guest.output()).toEqual({ stdout: "one two", stderr: "three" });
  });

  test("a stream does one of the two", () => {
    const guest = createGuest({ stdin: "x" });
    expect([write(guest, 0, ["x"]), read(guest, 1, [1])]).toEqual(["notcapable", ["notcapable"]]);
    // Whatever its rights say.
    const [stdin, stdout] = [
      stdinFrom(bytesSource("x")),
      outputTo(
        "stdout",
        functionSink(() => undefined),
      ),
    ];
    stdin.rightsBase = stdout.rightsBase = rights("fd_read", "fd_write");
    const other = createGuest({ stdin, stdout });
    expect([write(other, 0, ["x"]), read(other, 1, [1])]).toEqual(["notcapable", ["notcapable"]]);
  });

  test("what has arrived is passed on before more is waited for", () => {
    const chunks = ["abc", "def"];
    const reads: number[] = [];
    const guest = createGuest({
      stdin: stdinFrom({
        isTerminal: () => false,
        read(into) {
          reads.push(into.length);
          const chunk = chunks.shift() ?? "";
          into.set(Buffer.from(chunk));
          return chunk.length;
        },
        poll: () => (reads.length === 1 ? undefined : { nbytes: 1n, isHangup: false }),
      }),
    });
    // The first buffer is full, and nothing more is there yet.
    expect(read(guest, 0, [3, 3])).toEqual([3, "abc", "\0\0\0"]);
    // The first read of a call waits for what there is.
    expect(read(guest, 0, [5, 3])).toEqual([3, "def\0\0", "\0\0\0"]);
    expect(reads).toEqual([3, 5]);
  });

  test("input that can't say whether there is more fills one buffer", () => {
    const stdin = stdinFrom(bytesSource("abcd"));
    delete stdin.poll;
    expect(read(createGuest({ stdin }), 0, [2, 2])).toEqual([2, "ab", "\0\0"]);
  });

  test("input that is there is read on into the next buffer", () => {
    const timeouts: bigint[] = [];
    const source = bytesSource("abcdef");
    const poll = (timeoutNs: bigint) => {
      timeouts.push(timeoutNs);
      return source.poll(timeoutNs);
    };
    const guest = createGuest({ stdin: stdinFrom({ ...source, poll }) });
    expect(read(guest, 0, [2, 2, 2])).toEqual([6, "ab", "cd", "ef"]);
    expect(timeouts).toEqual([0n, 0n]);
  });

  test("output that takes less is not given the next buffer", () => {
    const given: number[] = [];
    const takeTwo = (from: Uint8Array): number => {
      given.push(from.length);
      return Math.min(from.length, 2);
    };
    const guest = createGuest({ stdout: outputTo("stdout", { isTerminal: () => false, write: takeTwo }) });
    expect(write(guest, 1, ["ab", "cde", "f"])).toBe(4);
    expect(given).toEqual([2, 3]);
  });

  test("one passes on what it has buffered before another one moves bytes", () => {
    const calls: string[] = [];
    const sink = (name: "stdout" | "stderr") =>
      outputTo(name, {
        ...functionSink((bytes) => void calls.push(`${name} ${Buffer.from(bytes).toString()}`)),
        flush: () => void calls.push(`flush ${name}`),
      });
    const source = bytesSource("x");
    const stdin = stdinFrom({
      ...source,
      read: (into) => {
        calls.push("read");
        return source.read(into);
      },
    });
    const guest = createGuest({ stdin, stdout: sink("stdout"), stderr: sink("stderr") });
    for (const [fd, text] of [
      [1, "a"],
      [1, "b"],
      [2, "c"],
      [1, "d"],
    ] as const)
      write(guest, fd, [text]);
    read(guest, 0, [1]);
    write(guest, 1, ["e"]);
    expect(calls).toEqual([
      "stdout a",
      "stdout b",
      "flush stdout",
      "stderr c",
      "flush stderr",
      "stdout d",
      "flush stdout",
      "read",
      "stdout e",
    ]);
  });

  test("an error of a stream is the guest's, and what is no errno ends it", () => {
    const fail = vi.fn<() => number>(() => {
      throw new Error("a defect");
    });
    const guest = createGuest({ stdout: outputTo("stdout", { isTerminal: () => false, write: fail }) });
    expect(() => write(guest, 1, ["x"])).toThrow("a defect");
  });
});

test("a file that was moved on by a write is read from there", () => {
  const { guest } = withFiles({ file: "0123456789" });
  const fd = open(guest, "file");
  write(guest, fd, ["ab"]);
  expect(read(guest, fd, [2])).toEqual([2, "23"]);
  guest.call("fd_seek", fd, 0n, whence.set, 128);
  expect(read(guest, fd, [2])).toEqual([2, "ab"]);
});
