import { functionSink, outputTo, WasiError } from "@wasi-kit/wasi";
import type { StdioStream } from "@wasi-kit/wasi";
import { describe, expect, test } from "vitest";
import { RunTermination } from "../../src/limits/run-termination.ts";
import { endOnBrokenPipe, limitOutput } from "../../src/limits/stream-limits.ts";

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
