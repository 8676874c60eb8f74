import { bytesSource, functionSink, outputTo, stdinFrom, WasiError } from "@wasi-kit/wasi";
import type { StdioStream } from "@wasi-kit/wasi";
import { describe, expect, test } from "vitest";
import { RunTermination } from "../../src/limits/run-termination.ts";
import { endOnBrokenPipe, limitInput, limitOutput } from "../../src/limits/stream-limits.ts";

const tooMuch: unknown = expect.objectContaining({ outcome: "output-limit", limit: "maxOutputBytes" });

/** stdout and stderr, and what each was given. */
function streams() {
  const written: string[] = [];
  const output = (name: "stdout" | "stderr"): StdioStream =>
    outputTo(
      name,
      functionSink((bytes) => void written.push(`${name} ${Buffer.from(bytes).toString()}`)),
    );
  return { written, out: output("stdout"), err: output("stderr") };
}
const write = (stream: StdioStream, text: string): number | undefined => stream.write?.(Buffer.from(text));
const input = (text: string): StdioStream => stdinFrom(bytesSource(Buffer.from(text)));
const read = (stream: StdioStream, size: number): string | undefined => {
  const into = Buffer.alloc(size);
  const count = stream.read?.(into);
  return count === undefined ? undefined : into.toString("utf8", 0, count);
};
const failing = (error: unknown): StdioStream =>
  outputTo("stdout", {
    isTerminal: () => false,
    write() {
      throw error;
    },
  });

describe("limitOutput", () => {
  test("lets streams write so many bytes between them, and what still fits of the rest", () => {
    const { written, out, err } = streams();
    limitOutput(10, [out, err]);
    expect([write(out, "abcd"), write(err, "efgh")]).toEqual([4, 4]);
    expect(() => write(out, "ijk")).toThrow(tooMuch);
    expect(written).toEqual(["stdout abcd", "stderr efgh", "stdout ij"]);
    expect(() => write(err, "l")).toThrow(tooMuch);
    expect(written.slice(3)).toEqual(["stderr "]);
  });

  test("is not reached by as many bytes as there may be, or by none", () => {
    const { out } = streams();
    limitOutput(4, [out]);
    expect([write(out, "abcd"), write(out, "")]).toEqual([4, 0]);
  });

  test("counts what was taken, not what was offered", () => {
    const out = outputTo("stdout", { isTerminal: () => false, write: () => 1 });
    limitOutput(4, [out]);
    expect([write(out, "abcd"), write(out, "abc"), write(out, "ab")]).toEqual([1, 1, 1]);
    expect(() => write(out, "ab")).toThrow(tooMuch);
  });

  test("has nothing to say about streams that can't be written", () => {
    const { out } = streams();
    delete out.write;
    limitOutput(4, [out]);
    expect(write(out, "abc")).toBe(0);
    expect(() => write(out, "abcde")).toThrow(tooMuch);
  });
});

describe("limitInput", () => {
  test("lets so much be read, and ends the run at what would be more", () => {
    const stdin = input("abcdef");
    limitInput(4, stdin);
    expect([read(stdin, 3), read(stdin, 3), read(stdin, 0)]).toEqual(["abc", "d", ""]);
    expect(() => read(stdin, 1)).toThrow(expect.objectContaining({ outcome: "input-limit", limit: "maxInputBytes" }));
  });

  test("is not reached by a stream that is at its end", () => {
    const stdin = input("abcd");
    limitInput(4, stdin);
    expect([read(stdin, 10), read(stdin, 10), read(stdin, 10)]).toEqual(["abcd", "", ""]);
  });

  test("counts what came, not what was asked for", () => {
    const stdin = input("ab");
    limitInput(4, stdin);
    expect([read(stdin, 4), read(stdin, 4)]).toEqual(["ab", ""]);
  });

  test("has nothing to say about a stream that can't be read", () => {
    const stdin = input("");
    delete stdin.read;
    limitInput(1, stdin);
    expect(read(stdin, 1)).toBe("");
  });
});

describe("endOnBrokenPipe", () => {
  test("ends the run when nobody reads", () => {
    const out = failing(new WasiError("pipe"));
    endOnBrokenPipe([out]);
    let thrown: unknown;
    try {
      write(out, "x");
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RunTermination);
    expect(thrown).toMatchObject({ outcome: "broken-pipe" });
  });

  test("leaves all other errors and writes as they are", () => {
    const { written, out, err } = streams();
    delete err.write;
    const full = failing(new WasiError("nospc"));
    const broken = failing(new TypeError("a defect"));
    const streamsToEnd = [out, err, full, broken];
    endOnBrokenPipe(streamsToEnd);
    expect([write(out, "abc"), write(err, "abc"), written]).toEqual([3, 0, ["stdout abc"]]);
    expect(() => write(full, "x")).toThrow(new WasiError("nospc"));
    expect(() => write(broken, "x")).toThrow(new TypeError("a defect"));
  });
});
