import { describe, expect, test } from "vitest";
import { functionNames } from "../src/abi/functions.ts";
import { memory } from "../src/fs/memory.ts";
import type { FileSystem } from "../src/fs/file-system.ts";
import { fixedClock } from "../src/clock.ts";
import { bytesSource, functionSink, outputTo, stdinFrom } from "../src/stdio.ts";
import { createWasi } from "../src/wasi.ts";
import type { WasiOptions } from "../src/wasi.ts";
import { WasiError } from "../src/wasi-error.ts";
import { createGuest, open } from "./support/guest.ts";
import { spied } from "./support/spied.ts";

/** Options, and what the streams are asked to do. */
function options(over: Partial<WasiOptions> = {}) {
  const calls: string[] = [];
  const sink = (name: "stdout" | "stderr") =>
    outputTo(name, {
      ...functionSink(() => undefined),
      flush: () => void calls.push(`flush ${name}`),
      close: () => void calls.push(`close ${name}`),
    });
  const given: WasiOptions = {
    stdin: stdinFrom({ ...bytesSource(""), close: () => void calls.push("close stdin") }),
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    clock: fixedClock({ start: "2020-07-01T00:00:00.000Z" }),
    random: () => undefined,
    ...over,
  };
  return { calls, given };
}
const failing = (error: unknown): FileSystem => ({
  open: () => {
    throw error;
  },
});
const streamsEnd = ["close stdin", "flush stdout", "close stdout", "flush stderr", "close stderr"];

describe("imports", () => {
  test("are all functions of the interface, or those that are named", () => {
    const { imports, calls } = createWasi(options().given);
    expect([Object.keys(imports), Object.keys(calls)]).toEqual([functionNames, functionNames]);
    for (const name of functionNames)
      expect([typeof imports[name], typeof calls[name]]).toEqual(["function", "function"]);
    const few = createWasi(options({ names: ["fd_write", "proc_exit"] }).given);
    expect(Object.keys(few.imports)).toEqual(["fd_write", "proc_exit"]);
  });

  test("give the number of an errno that a call throws, and pass on what is none", () => {
    const guest = createGuest({
      clock: {
        ...fixedClock({ start: "2020-07-01T00:00:00.000Z" }),
        read(id) {
          throw id === 0 ? new WasiError("io") : new Error("a defect");
        },
      },
    });
    expect(guest.call("clock_time_get", 0, 0n, 64)).toBe("io");
    expect(() => guest.call("clock_time_get", 1, 0n, 64)).toThrow("a defect");
    expect(() => guest.wasi.calls.clock_time_get(0, 0n, 64)).toThrow(new WasiError("io"));
  });
});

describe("preopens", () => {
  test("have the numbers from 3 on, in their order", () => {
    const guest = createGuest({ preopens: { "/b": memory(), "/a": memory() } });
    for (const fd of [3, 4]) expect(guest.call("fd_prestat_dir_name", fd, 64 + 2 * fd, 2)).toBe("success");
    expect(guest.text(70, 4)).toBe("/b/a");
    expect(guest.call("fd_prestat_get", 5, 64)).toBe("badf");
  });

  test("that can't be opened leave nothing open", () => {
    const first = spied(memory());
    const { calls, given } = options({
      preopens: { "/": { fileSystem: first }, "/none": { fileSystem: failing(new WasiError("noent")) } },
    });
    expect(() => createWasi(given)).toThrow(new WasiError("noent"));
    expect([first.openHandles(), calls]).toEqual([0, streamsEnd]);
  });
});

const closing = (error: unknown): FileSystem => ({
  open() {
    const root = memory().open();
    root.close = () => {
      throw error;
    };
    return root;
  },
});

describe("close", () => {
  test("ends the streams and closes the roots", () => {
    const root = spied(memory({ file: "" }));
    const { calls, given } = options({ preopens: { "/": { fileSystem: root } } });
    createWasi(given).close();
    expect([calls, root.calls]).toEqual([streamsEnd, ["close directory"]]);
  });

  test("closes files that a guest left open, through their root", () => {
    const files = memory({ file: "x".repeat(1000) }, { maxBytes: 2200 });
    const guest = createGuest({ preopens: { "/": files } });
    open(guest, "file");
    expect(guest.call("path_unlink_file", 3, "file")).toBe("success");
    guest.wasi.close();
    // What a file takes is free once it has neither name nor handle.
    const next = createGuest({ preopens: { "/": files } });
    const fd = open(next, "again", { oflags: 1 });
    next.view().setUint32(68, 1500, true);
    expect(next.call("fd_write", fd, 64, 1, 8)).toBe("success");
  });

  test("closes a root of which the guest closed the preopen, and each stream by any number, once", () => {
    const root = spied(memory());
    const { calls, given } = options({ preopens: { "/": { fileSystem: root } } });
    const wasi = createWasi(given);
    wasi.calls.fd_close(3);
    wasi.calls.fd_close(2);
    wasi.calls.fd_renumber(1, 0);
    wasi.close();
    expect(root.openHandles()).toBe(0);
    expect(calls).toEqual(["flush stderr", "close stderr", "close stdin", "flush stdout", "close stdout"]);
  });

  test("goes on after an errno, and passes a defect on", () => {
    const last = spied(memory());
    const { given } = options({
      preopens: { "/a": { fileSystem: closing(new WasiError("io")) }, "/b": { fileSystem: last } },
    });
    createWasi(given).close();
    expect(last.openHandles()).toBe(0);
    const broken = createWasi(options({ preopens: { "/": { fileSystem: closing(new Error("a defect")) } } }).given);
    expect(() => broken.close()).toThrow("a defect");
  });

  test("ends all streams, whatever one of them says", () => {
    const { calls, given } = options();
    given.stdout.flush = () => {
      throw new WasiError("nospc");
    };
    createWasi(given).close();
    expect(calls).toEqual(["close stdin", "close stdout", "flush stderr", "close stderr"]);
  });
});
