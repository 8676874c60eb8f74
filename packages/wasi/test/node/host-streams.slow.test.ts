import { spawn, spawnSync } from "node:child_process";
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { hostInput, hostOutput } from "../../src/node/host-streams.ts";
import { WasiError } from "../../src/wasi-error.ts";
import { openDescriptors, temporaryDirectory } from "../support/file-systems.ts";

const { O_RDONLY, O_RDWR, O_NONBLOCK, O_WRONLY } = constants;
const isLinux = process.platform === "linux";
const ms = 1_000_000n;

/** A descriptor that is closed after the test. */
function opened(path: string, flags: number | string): number {
  const fd = openSync(path, flags);
  onTestFinished(() => closeSync(fd));
  return fd;
}

/** A named pipe: the end to read from, and one to write to. */
function pipe() {
  const path = join(temporaryDirectory(), "pipe");
  spawnSync("mkfifo", [path]);
  const input = opened(path, O_RDONLY | O_NONBLOCK);
  const output = openSync(path, O_WRONLY | O_NONBLOCK);
  let isOpen = true;
  const hangUp = (): void => {
    if (isOpen) closeSync(output);
    isOpen = false;
  };
  onTestFinished(hangUp);
  return { path, input, output, hangUp, send: (text: string) => writeSync(output, text) };
}

function file(content: string): { path: string; fd: number } {
  const path = join(temporaryDirectory(), "file");
  writeFileSync(path, content);
  return { path, fd: opened(path, "r+") };
}

/** Reads at most so many bytes, as text. */
function read(source: ReturnType<typeof hostInput>, size: number): string {
  const into = Buffer.alloc(size);
  return into.toString("utf8", 0, source.read(into));
}

const errnoOf = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return error;
  }
};

describe("input from a file", () => {
  test("is read to its end", () => {
    const source = hostInput(file("abcdef").fd);
    expect([read(source, 4), read(source, 4), read(source, 4)]).toEqual(["abcd", "ef", ""]);
    expect(source.isTerminal()).toBe(false);
  });

  test("is looked at a byte ahead, and that byte is read first", () => {
    const source = hostInput(file("abc").fd);
    expect(source.poll(0n)).toEqual({ nbytes: 1n, isHangup: false });
    expect(source.poll(0n)).toEqual({ nbytes: 1n, isHangup: false });
    expect(read(source, 2)).toBe("ab");
    expect(source.poll(0n)).toEqual({ nbytes: 1n, isHangup: false });
    expect(read(source, 1)).toBe("c");
    expect(source.poll(0n)).toEqual({ nbytes: 0n, isHangup: true });
    expect(read(source, 1)).toBe("");
  });

  test("that grows behind its end has more", () => {
    const { path, fd } = file("");
    const source = hostInput(fd);
    expect(source.poll(0n)).toEqual({ nbytes: 0n, isHangup: true });
    writeFileSync(path, "more");
    // The end is not looked for again until somebody reads.
    expect(source.poll(0n)).toEqual({ nbytes: 0n, isHangup: true });
    expect(read(source, 9)).toBe("more");
  });

  test("fails as the host says", () => {
    const source = hostInput(opened(temporaryDirectory(), "r"));
    expect(errnoOf(() => read(source, 1))).toEqual(new WasiError("isdir"));
  });
});

describe.runIf(isLinux)("input from a pipe", () => {
  test("that holds nothing is waited for as long as is said", () => {
    const source = hostInput(pipe().input);
    expect(source.poll(0n)).toBeUndefined();
    const start = process.hrtime.bigint();
    expect(source.poll(30n * ms)).toBeUndefined();
    expect(process.hrtime.bigint() - start).toBeGreaterThanOrEqual(30n * ms);
    source.close();
  });

  test("is taken a byte of, and the rest is left to who reads next", () => {
    const { input, send } = pipe();
    const source = hostInput(input);
    send("abc");
    expect(source.poll(0n)).toEqual({ nbytes: 1n, isHangup: false });
    const rest = Buffer.alloc(9);
    expect(rest.toString("utf8", 0, readSync(input, rest))).toBe("bc");
    // Nothing more is there: what was taken is all that is read, and nobody waits.
    expect(read(source, 9)).toBe("a");
    source.close();
  });

  test("ends when nobody writes to it any more", () => {
    const { input, send, hangUp } = pipe();
    const source = hostInput(input);
    send("ab");
    hangUp();
    expect(source.poll(1000n * ms)).toEqual({ nbytes: 1n, isHangup: false });
    expect(read(source, 9)).toBe("ab");
    expect(source.poll(1000n * ms)).toEqual({ nbytes: 0n, isHangup: true });
    expect(read(source, 9)).toBe("");
    source.close();
  });

  test("is waited for by a read", () => {
    const { path, input } = pipe();
    const child = spawn("sh", ["-c", 'sleep 0.1; printf late > "$1"', "sh", path]);
    onTestFinished(() => void child.kill());
    expect(read(hostInput(input), 9)).toBe("late");
  });

  test("takes a descriptor of ours, which is closed with it; the host's own stays as it is", () => {
    const { input, send } = pipe();
    const before = openDescriptors();
    const source = hostInput(input);
    expect(openDescriptors()).toBe(before);
    source.poll(0n);
    expect(openDescriptors()).toBe(before + 1);
    source.close();
    expect(openDescriptors()).toBe(before);
    send("x");
    expect(readSync(input, Buffer.alloc(9))).toBe(1);
    // Closing what was never used is nothing.
    hostInput(input).close();
  });
});

test.runIf(isLinux)("input from a socket is read without waiting for more", async () => {
  const child = spawn("sh", ["-c", "printf abc; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void child.kill());
  child.stdout.pause();
  const { fd } = Reflect.get(child.stdout, "_handle") as { fd: number };
  expect(fstatSync(fd).isSocket()).toBe(true);
  const source = hostInput(fd);
  expect(source.poll(5000n * ms)).toEqual({ nbytes: 1n, isHangup: false });
  expect(read(source, 9)).toBe("abc");
  expect(source.poll(0n)).toBeUndefined();
  expect(hostInput(fd).poll(0n)).toBeUndefined();
});

describe("output to a file", () => {
  test("is passed on together, when that is asked for", () => {
    const { path, fd } = file("");
    const sink = hostOutput(fd);
    expect([sink.write(Buffer.from("one ")), sink.write(Buffer.from("two"))]).toEqual([4, 3]);
    expect(readFileSync(path, "utf8")).toBe("");
    sink.flush();
    expect(readFileSync(path, "utf8")).toBe("one two");
    sink.flush();
    sink.write(Buffer.from("!"));
    sink.flush();
    expect(readFileSync(path, "utf8")).toBe("one two!");
    expect(sink.isTerminal()).toBe(false);
  });

  test("is passed on in order when there is no more room for it", () => {
    const { path, fd } = file("");
    const sink = hostOutput(fd);
    const size = 1 << 14;
    sink.write(Buffer.alloc(size - 1, "a"));
    sink.write(Buffer.from("b"));
    expect(readFileSync(path, "utf8")).toBe("");
    sink.write(Buffer.from("c"));
    expect(readFileSync(path, "utf8")).toBe(`${"a".repeat(size - 1)}b`);
    // What is as large as the buffer fits; what is larger goes to the file at once, behind what was held.
    expect(sink.write(Buffer.alloc(size, "d"))).toBe(size);
    expect(readFileSync(path, "utf8").slice(size)).toBe("c");
    expect(sink.write(Buffer.alloc(size + 1, "e"))).toBe(size + 1);
    expect(readFileSync(path, "utf8").slice(size + 1)).toBe("d".repeat(size) + "e".repeat(size + 1));
  });

  test("holds a copy: the guest's memory may change", () => {
    const { path, fd } = file("");
    const sink = hostOutput(fd);
    const bytes = Buffer.from("abc");
    sink.write(bytes);
    bytes.fill("?");
    sink.flush();
    expect(readFileSync(path, "utf8")).toBe("abc");
  });

  test("that can't be written says so once", () => {
    const { path } = file("");
    const sink = hostOutput(opened(path, "r"));
    sink.write(Buffer.from("abc"));
    expect(errnoOf(() => sink.flush())).toEqual(new WasiError("badf"));
    expect(errnoOf(() => sink.flush())).toBeUndefined();
  });

  test("leaves the descriptor open", () => {
    const { fd } = file("");
    const sink = hostOutput(fd);
    sink.close();
    sink.write(Buffer.from("abc"));
    sink.close();
    expect(fstatSync(fd).isFile()).toBe(true);
    sink.flush();
    expect(fstatSync(fd).size).toBe(3);
  });

  test("before anything was written there is nothing to pass on or to close", () => {
    const sink = hostOutput(999_999);
    expect([errnoOf(() => sink.flush()), errnoOf(() => sink.close())]).toEqual([undefined, undefined]);
    expect(errnoOf(() => sink.write(Buffer.from("x")))).toEqual(new WasiError("badf"));
  });
});

describe.runIf(isLinux)("output to a pipe", () => {
  test("is there at once", () => {
    const { input, output } = pipe();
    const sink = hostOutput(output);
    expect(sink.write(Buffer.from("abc"))).toBe(3);
    const into = Buffer.alloc(9);
    expect(into.toString("utf8", 0, readSync(input, into))).toBe("abc");
    sink.flush();
    sink.close();
  });

  test("waits for who reads, however much it is", () => {
    const { path, output } = pipe();
    const copy = join(temporaryDirectory(), "copy");
    const child = spawn("sh", ["-c", 'sleep 0.1; head -c 1000000 "$1" > "$2"', "sh", path, copy]);
    onTestFinished(() => void child.kill());
    const sink = hostOutput(output);
    const bytes = Buffer.from("0123456789".repeat(100_000));
    expect(sink.write(bytes)).toBe(bytes.length);
    sink.close();
    // `head` has read all of it, and may still write.
    for (let size = 0; size < bytes.length;) size = fstatSync(opened(copy, "r")).size;
    expect(readFileSync(copy).equals(bytes)).toBe(true);
  });

  test("takes a descriptor of ours, which is closed with it", () => {
    const path = pipe().path;
    const fd = opened(path, O_RDWR | O_NONBLOCK);
    const before = openDescriptors();
    const sink = hostOutput(fd);
    sink.write(Buffer.from("a"));
    expect(openDescriptors()).toBe(before + 1);
    sink.close();
    expect(openDescriptors()).toBe(before);
  });
});

test.runIf(isLinux)("output to a device fails as the device says, and /dev/null takes all", () => {
  const full = hostOutput(opened("/dev/full", "w"));
  expect(errnoOf(() => full.write(Buffer.from("x")))).toEqual(new WasiError("nospc"));
  full.close();
  const before = openDescriptors();
  const nothing = hostOutput(opened("/dev/null", "w"));
  expect(nothing.write(Buffer.from("x"))).toBe(1);
  nothing.flush();
  // Nobody waits for it: it needs no descriptor that does not wait.
  expect(openDescriptors()).toBe(before + 1);
});
