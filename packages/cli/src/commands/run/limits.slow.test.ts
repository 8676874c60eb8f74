import { openSync, closeSync, statSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { limitNames } from "@wasi-kit/runner";
import { assemble } from "../../../../wasm/test/helpers/assemble.ts";
import { hostile } from "../../../../runner/test/helpers/hostile.ts";
import type { Hostile } from "../../../../runner/test/helpers/hostile.ts";
import { bin, makeFolder, remove, wasiKit } from "../../../test/helpers/command.ts";

let cwd: string;

beforeAll(async () => {
  const modules = Object.entries(hostile).map(async ([name, wat]) => [`${name}.wasm`, await assemble(wat)] as const);
  cwd = await makeFolder(Object.fromEntries(await Promise.all(modules)));
});
afterAll(() => remove(cwd));

test.concurrent.each<[guest: Hostile, options: string[], exitCode: number, stderr: string]>([
  ["loop", ["--timeout", "300"], 124, "wasi-kit: loop.wasm did not end within 300 ms, and was stopped.\n"],
  ["sleep", ["--timeout", "300"], 124, "wasi-kit: sleep.wasm did not end within 300 ms, and was stopped.\n"],
  ["flood", ["--timeout", "300"], 124, "wasi-kit: flood.wasm did not end within 300 ms, and was stopped.\n"],
  ["flood", ["--max-output", "1KiB"], 134, "wasi-kit: flood.wasm wrote more than 1024 bytes, and was stopped.\n"],
  [
    "grow",
    ["--max-memory", "1MiB"],
    134,
    "wasi-kit: grow.wasm trapped: unreachable\nIt had all the memory that it may have: 1048576 bytes.\n",
  ],
  [
    "grow",
    ["--max-memory", "65535"],
    126,
    "wasi-kit: grow.wasm needs 65536 bytes of memory (1 × 64 KiB) to start, and maxMemoryBytes allows 65535.\n" +
      "Allow at least 65536, or build the module with less.\n",
  ],
  ["fill", ["--limit", "maxWrittenBytes=64KiB", "--dir", ".::/out::cow", "--quiet"], 19, ""],
  ["litter", ["--limit", "maxFiles=5", "--dir", ".::/out::cow", "--quiet"], 19, ""],
  ["pester", ["--limit", "maxCalls=10"], 134, "wasi-kit: pester.wasm made more than 10 calls, and was stopped.\n"],
  ["recurse", [], 134, "wasi-kit: recurse.wasm trapped: Maximum call stack size exceeded\n"],
])("%s with %j ends", async (guest, options, exitCode, stderr) => {
  const result = await wasiKit(["run", "--no-explain", ...options, `${guest}.wasm`], { cwd });
  expect({ exitCode: result.exitCode, stderr: result.stderr.replaceAll(/^ {2}at .*\n/gm, "") }).toEqual({
    exitCode,
    stderr,
  });
});

test.concurrent("what is said of a line that a limit cut begins a line", async () => {
  const script = '"$0" "$1" run --max-output 9 flood.wasm 2>&1';
  const child = spawn("sh", ["-c", script, process.execPath, bin], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  const [shown] = await Promise.all([text(child.stdout), once(child, "close")]);
  expect(shown).toContain("flood\nflo\nwasi-kit: flood.wasm wrote more than 9 bytes, and was stopped.\n");
});

test.concurrent("a read that nothing comes for ends with its time, and with what was written", async () => {
  // A pipe that stays open.
  const child = spawn(process.execPath, [bin, "run", "--timeout", "300", "read.wasm"], { cwd, stdio: "pipe" });
  const [stdout, [exitCode]] = await Promise.all([text(child.stdout), once(child, "close")]);
  expect({ stdout, exitCode }).toEqual({ stdout: "flood\n", exitCode: 124 });
});

test.runIf(process.platform === "linux")("a write that nobody reads ends with its time", async () => {
  // A reader that sleeps, behind a shell's pipe, which holds 64 KiB.
  const script = '{ "$0" "$1" run --timeout 300 flood.wasm; echo "status $?" >&2; } | { sleep 2; head -c 6; }';
  const child = spawn("sh", ["-c", script, process.execPath, bin], { cwd, stdio: "pipe" });
  let statusAt = 0;
  let endedAt = 0;
  child.stderr.on("data", (chunk: Buffer) => {
    if (chunk.includes("status")) statusAt = performance.now();
  });
  child.on("close", () => {
    endedAt = performance.now();
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  expect(stdout).toBe("flood\n");
  expect(stderr).toContain("status 124");
  // Before the reader woke up, not because of it.
  expect(statusAt).toBeLessThan(endedAt - 200);
});

test.concurrent("output to a file is written when the time is up", async () => {
  const file = join(cwd, "output.txt");
  const out = openSync(file, "w");
  const child = spawn(process.execPath, [bin, "run", "--timeout", "200", "flood.wasm"], {
    cwd,
    stdio: ["ignore", out, "ignore"],
  });
  const [exitCode] = (await once(child, "close")) as [number];
  closeSync(out);
  expect(exitCode).toBe(124);
  expect(statSync(file).size).toBeGreaterThan(0);
});

test.concurrent.each<[options: string[], message: string]>([
  [
    ["--timeout", "soon"],
    "--timeout soon: expected a time, such as --timeout 500ms, 5s or 2m; a bare number is milliseconds",
  ],
  [
    ["--timeout", "0"],
    "--timeout 0: expected a time, such as --timeout 500ms, 5s or 2m; a bare number is milliseconds",
  ],
  [["--max-memory", "1 MB"], "--max-memory 1 MB: expected bytes, such as --max-memory 64MiB"],
  [["--max-output=-1"], "--max-output -1: expected bytes, such as --max-output 1MiB"],
  [
    ["--limit", "maxWrittenBytes=1 MB"],
    "--limit maxWrittenBytes=1 MB: expected bytes, such as 64MiB after maxWrittenBytes=",
  ],
  [["--limit", "maxFiles=-1"], "--limit maxFiles=-1: expected a whole number after maxFiles="],
  [["--limit", "maxFiles"], "--limit maxFiles: expected a whole number after maxFiles="],
  [["--limit", "timeoutMs=soon"], "--limit timeoutMs=soon: expected a time, such as 500ms, 5s or 2m after timeoutMs="],
  [
    ["--limit", "maxFile=1"],
    `--limit maxFile=1: There is no limit maxFile. Did you mean maxFiles? There are: ${limitNames.join(", ")}.`,
  ],
  [["--seed", "1.5"], "--seed 1.5: expected a whole number, such as --seed 42"],
  [["--clock", "noon"], "--clock noon: expected a time, such as --clock 2020-07-01T00:00:00Z"],
  [["--all", "--timeout", "5"], "--timeout can't be combined with --all."],
])("%j is a usage error", async (options, message) => {
  const positional = options.includes("--all") ? [] : ["loop.wasm"];
  const { exitCode, stdout, stderr } = await wasiKit(["run", ...options, ...positional], { cwd });
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: "", stderr: `wasi-kit: ${message}\n` });
});
