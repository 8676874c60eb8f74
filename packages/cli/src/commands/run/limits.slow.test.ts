import { openSync, closeSync, statSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { spawn as spawnInTerminal } from "@lydell/node-pty";
import { afterAll, beforeAll, expect, test } from "vitest";
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
  ["recurse", [], 134, "wasi-kit: recurse.wasm trapped: Maximum call stack size exceeded\n"],
])("%s with %j ends", async (guest, options, exitCode, stderr) => {
  const result = await wasiKit(["run", "--no-explain", ...options, `${guest}.wasm`], { cwd });
  expect({ exitCode: result.exitCode, stderr: result.stderr.replaceAll(/^ {2}at .*\n/gm, "") }).toEqual({
    exitCode,
    stderr,
  });
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
  [["--seed", "1.5"], "--seed 1.5: expected a whole number, such as --seed 42"],
  [["--clock", "noon"], "--clock noon: expected a time, such as --clock 2020-07-01T00:00:00Z"],
  [["--all", "--timeout", "5"], "--timeout can't be combined with --all."],
])("%j is a usage error", async (options, message) => {
  const positional = options.includes("--all") ? [] : ["loop.wasm"];
  const { exitCode, stdout, stderr } = await wasiKit(["run", ...options, ...positional], { cwd });
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: "", stderr: `wasi-kit: ${message}\n` });
});

/** Runs a module in a terminal of its own, and types when it has printed its line. */
async function inTerminal(guest: Hostile, keys: string): Promise<{ exitCode: number; shown: string }> {
  const terminal = spawnInTerminal(process.execPath, [bin, "run", `${guest}.wasm`], { cwd, name: "xterm" });
  let shown = "";
  terminal.onData((data) => {
    if (!shown.includes("flood") && (shown + data).includes("flood")) terminal.write(keys);
    shown += data;
  });
  const { exitCode } = await new Promise<{ exitCode: number }>((resolve) => terminal.onExit(resolve));
  return { exitCode, shown };
}

test.concurrent.each(["loop", "sleep", "read", "flood"] as const)(
  "Ctrl-C ends %s with 130, and nothing is said",
  async (guest) => {
    const { exitCode, shown } = await inTerminal(guest, "\u0003");
    expect(exitCode).toBe(130);
    expect(shown).not.toContain("wasi-kit");
  },
);

test.concurrent("a guest gets a line from the terminal when Enter is pressed, and its end with Ctrl-D", async () => {
  expect(await inTerminal("read", "a line\r\u0004")).toMatchObject({ exitCode: 0 });
});
