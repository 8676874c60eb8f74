import { lstatSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { fstflags, filestat, fileRights } from "../../src/abi/index.ts";
import { runCalls } from "../support/guest.ts";
import type { Call } from "../support/guest.ts";
import { makeTree } from "../../../wasm/test/helpers/tree.ts";

const at = 1_234_567_890_123_456_789n;
const open: Call = ["path_open", 3, 0, "file.txt", 0, BigInt(fileRights), 0n, 0, 0];

test("the guest reads the nanoseconds that it set, and the host has the microseconds", () => {
  const host = makeTree({ "file.txt": "x" });
  const { errors, memory } = runCalls(
    [
      ["path_filestat_get", 3, 0, "file.txt", 64],
      ["path_filestat_set_times", 3, 0, "file.txt", 1n, at, fstflags.mtim],
      ["path_filestat_get", 3, 0, "file.txt", 128],
      open,
      ["fd_filestat_set_times", 4, at + 1n, 1n, fstflags.atim],
      ["fd_filestat_get", 4, 192],
    ],
    { preopens: { "/": host } },
  );
  expect(new Set(errors)).toEqual(new Set(["success"]));
  const time = (stat: number, field: "atim" | "mtim"): bigint => memory.getBigUint64(stat + filestat[field], true);
  expect([time(128, "mtim"), time(192, "mtim"), time(192, "atim")]).toEqual([at, at, at + 1n]);
  expect(time(128, "atim")).toBe(time(64, "atim"));
  expect(statSync(join(host, "file.txt"), { bigint: true }).mtimeNs / 1000n).toBe(at / 1000n);
});

test.each([
  ["1970", 0n],
  ["a whole second", 1_700_000_000_000_000_000n],
  ["half a second", 1_700_000_000_500_000_000n],
  ["a whole second of the next century", 4_102_444_800_000_000_000n],
])("the host has exactly what can be told exactly: %s", (_, time) => {
  const host = makeTree({ "file.txt": "x", link: { to: "file.txt" }, folder: {} });
  const both = fstflags.atim | fstflags.mtim;
  const { errors } = runCalls(
    [
      open,
      ["fd_filestat_set_times", 4, time, time, both],
      ["path_filestat_set_times", 3, 0, "link", time, time, both],
      ["path_open", 3, 0, "folder", 2, 0n, 0n, 0, 0],
      ["path_filestat_set_times", 3, 0, "folder", time, time, both],
      ["fd_filestat_set_times", 3, time, time, both],
    ],
    { preopens: { "/": host } },
  );
  expect(new Set(errors)).toEqual(new Set(["success"]));
  const names = ["file.txt", "link", "folder", "."];
  const shown = names.map((name) => lstatSync(join(host, name), { bigint: true }));
  expect(shown.map(({ mtimeNs }) => mtimeNs)).toEqual(names.map(() => time));
  expect(shown.slice(0, 2).map(({ atimeNs }) => atimeNs)).toEqual([time, time]);
});

test("the host is off by less than a microsecond, whatever the time", () => {
  for (const nanoseconds of [1n, 999n, 1000n, 123_456_000n, 123_456_789n, 500_000_500n, 999_999_999n]) {
    const host = makeTree({ "file.txt": "x" });
    const time = 1_700_000_000_000_000_000n + nanoseconds;
    runCalls([["path_filestat_set_times", 3, 0, "file.txt", 0n, time, fstflags.mtim]], {
      preopens: { "/": host },
    });
    const off = statSync(join(host, "file.txt"), { bigint: true }).mtimeNs - time;
    expect(off > -1000n && off < 1000n, `${time} is off by ${off} ns`).toBe(true);
  }
});

test("a file that changed since has its own time", () => {
  const host = makeTree({ "file.txt": "x" });
  const { memory } = runCalls(
    [
      open,
      ["fd_filestat_set_times", 4, 0n, at, fstflags.mtim],
      ["fd_filestat_set_size", 4, 9n],
      ["fd_filestat_get", 4, 64],
    ],
    { preopens: { "/": host } },
  );
  const now = BigInt(Date.now()) * 1_000_000n;
  expect(memory.getBigUint64(64 + filestat.mtim, true)).toBeGreaterThan(now - 60_000_000_000n);
});

test("a link's own times are set where it is not followed", () => {
  const host = makeTree({ "file.txt": "x", link: { to: "file.txt" } });
  const before = statSync(join(host, "file.txt"), { bigint: true }).mtimeNs;
  const { errors, memory } = runCalls(
    [
      ["path_filestat_set_times", 3, 0, "link", 0n, at, fstflags.mtim],
      ["path_filestat_get", 3, 0, "link", 64],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual(["success", "success"]);
  expect(memory.getBigUint64(64 + filestat.mtim, true)).toBe(at);
  expect(statSync(join(host, "file.txt"), { bigint: true }).mtimeNs).toBe(before);
});

test("an open file that has no name any more has its times set to the second", () => {
  const host = makeTree({ "file.txt": "x" });
  const { errors, memory } = runCalls(
    [
      open,
      ["path_unlink_file", 3, "file.txt"],
      ["fd_filestat_set_times", 4, at, at, fstflags.atim | fstflags.mtim],
      ["fd_filestat_get", 4, 64],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual(["success", "success", "success", "success"]);
  expect(memory.getBigUint64(64 + filestat.mtim, true)).toBe(at);
});

test("a time can't be set twice at once", () => {
  const host = makeTree({ "file.txt": "x" });
  const { errors } = runCalls(
    [
      ["path_filestat_set_times", 3, 0, "file.txt", at, at, fstflags.mtim | fstflags.mtim_now],
      ["path_filestat_set_times", 3, 0, "file.txt", at, at, 16],
    ],
    { preopens: { "/": host } },
  );
  expect(errors).toEqual(["inval", "inval"]);
});

test.each([
  ["1.51.0", (1_700_000_000_123_456 + 0.25) / 1e6],
  ["1.52.0", 1_700_000_000 + 0.123456789],
  ["2.0.0", 1_700_000_000 + 0.123456789],
])("libuv %s gets seconds that it makes the nearest time of", async (version, seconds) => {
  vi.stubGlobal("process", { ...process, versions: { ...process.versions, uv: version } });
  vi.resetModules();
  onTestFinished(() => {
    vi.unstubAllGlobals();
    // What was loaded has kept the version.
    vi.resetModules();
  });
  const { createExactTimes } = await import("../../src/node/host/exact-times.ts");
  const stat = { dev: 1n, ino: 2n, filetype: 4, nlink: 1n, size: 0n, atim: 5n, mtim: 6n, ctim: 7n };
  const set: number[][] = [];
  const times = createExactTimes();
  times.set(
    { mtim: 1_700_000_000_123_456_789n },
    () => stat,
    (...both) => void set.push(both),
  );
  expect(set[0]?.[1]).toBe(seconds);
  expect(times.correct(stat)).toEqual({ ...stat, mtim: 1_700_000_000_123_456_789n });
  expect(times.correct({ ...stat, ino: 3n })).toEqual({ ...stat, ino: 3n });
  expect(times.correct({ ...stat, dev: 3n })).toEqual({ ...stat, dev: 3n });
  expect(times.correct({ ...stat, mtim: 8n, atim: 9n })).toEqual({ ...stat, mtim: 8n, atim: 9n });
});
