import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bin, makeFolder, manifest, remove, wasiKit } from "../../test/helpers/command.ts";
import { assemble } from "../../../wasm/test/helpers/assemble.ts";
import { assembleModule } from "../../test/helpers/modules.ts";

/** Writes texts without the end of a line to descriptors, and traps. */
const writes = (...parts: readonly (readonly [fd: 1 | 2, text: string])[]): Promise<Uint8Array> =>
  assemble(`(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    ${parts.map(([, text], i) => `(data (i32.const ${64 * i}) "\\${(64 * i + 8).toString(16).padStart(2, "0")}\\00\\00\\00\\${text.length.toString(16).padStart(2, "0")}\\00\\00\\00${text.replace("\n", String.raw`\n`)}")`).join("\n")}
    (func (export "_start")
      ${parts.map(([fd], i) => `(drop (call $write (i32.const ${fd}) (i32.const ${64 * i}) (i32.const 1) (i32.const 1024)))`).join("\n")}
      unreachable))`);

let cwd: string;

beforeAll(async () => {
  cwd = await makeFolder({
    "out.wasm": await writes([1, "half"]),
    "err.wasm": await writes([2, "half"]),
    "both.wasm": await writes([1, "half"], [2, "line\n"]),
    "whole.wasm": await writes([1, "line\n"]),
    "trap.wasm": await assembleModule("trap"),
    "program/hello.wat": '(module (func (export "_start")))',
    "program/wasi.json": manifest({ build: { language: "wat" } }),
  });
});
afterAll(() => remove(cwd));

/** What stdout and stderr show in one place. */
const together = (line: string): string =>
  execFileSync("bash", ["-c", `"$0" "$1" ${line} 2>&1; true`, process.execPath, bin], { cwd, encoding: "utf8" });

test.each([
  ["run err.wasm", "half\nwasi-kit: err.wasm trapped"],
  ["run out.wasm", "half\nwasi-kit: out.wasm trapped"],
  ["run both.wasm", "halfline\nwasi-kit: both.wasm trapped"],
  ["run whole.wasm", "line\nwasi-kit: whole.wasm trapped"],
  ["run --trace-filter fd_read --trace err.wasm", "half\nwasi-kit: err.wasm trapped"],
  ["run --trace=summary err.wasm", "half\nwasi-kit: err.wasm trapped"],
])("a message begins a line of its own: %s", (line, start) => {
  expect(together(line).slice(0, start.length)).toBe(start);
});

test("a line that was left open in another place needs no end here", async () => {
  const { stdout, stderr } = await wasiKit(["run", "out.wasm"], { cwd });
  expect(stdout).toBe("half");
  expect(stderr).toMatch(/^wasi-kit: out\.wasm trapped/);
});

const red = "\u001B[31mwasi-kit:\u001B[39m ";

test.each<[args: string[], env: NodeJS.ProcessEnv, start: string]>([
  [["run", "trap.wasm"], {}, "wasi-kit: "],
  [["run", "trap.wasm"], { FORCE_COLOR: "1" }, red],
  [["run", "trap.wasm"], { FORCE_COLOR: "0" }, "wasi-kit: "],
  [["run", "--color=always", "trap.wasm"], { NO_COLOR: "1" }, red],
  [["run", "--color", "never", "trap.wasm"], { FORCE_COLOR: "1" }, "wasi-kit: "],
  [["run", "--color=auto", "trap.wasm"], { FORCE_COLOR: "1" }, red],
  [["run", "--color=red", "trap.wasm"], {}, "wasi-kit: --color red: expected auto, always, never\n"],
])("%j with %j is coloured or not", async (args, env, start) => {
  const { stderr } = await wasiKit(args, { cwd, env: { FORCE_COLOR: undefined, NO_COLOR: undefined, ...env } });
  expect(stderr.slice(0, start.length)).toBe(start);
});

test("--quiet leaves errors alone", async () => {
  await expect(wasiKit(["run", "--quiet", "program"], { cwd })).resolves.toEqual({
    exitCode: 0,
    stdout: "",
    stderr: "",
  });
  const { stderr } = await wasiKit(["run", "--quiet", "trap.wasm"], { cwd });
  expect(stderr).toMatch(/^wasi-kit: trap\.wasm trapped/);
});
