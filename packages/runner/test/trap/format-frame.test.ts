import { expect, test } from "vitest";
import type { Frame } from "@wasi-kit/wasm/debug";
import { formatFrame } from "../../src/trap/format-frame.ts";

const source = { file: "src/main.rs", line: 25, column: 19 };

test.each<[frame: Omit<Frame, "functionIndex" | "offset">, line: string]>([
  [{}, "wasm-function[3]:0x1f"],
  [{ name: "main" }, "main (wasm-function[3]:0x1f)"],
  [{ name: "read_file::main", source }, "read_file::main (src/main.rs:25:19)"],
  [{ source }, "wasm-function[3] (src/main.rs:25:19)"],
  // What the module says must not move the cursor, or begin a line that looks like one of ours.
  [{ name: "a\nb\x1b[2J", source: { ...source, file: "\r\t.rs" } }, "a b\\x1b[2J (\\r .rs:25:19)"],
])("%j is %s", (frame, line) => {
  expect(formatFrame({ functionIndex: 3, offset: 31, ...frame })).toBe(line);
});
