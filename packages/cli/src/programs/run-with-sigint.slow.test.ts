import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { spawn as spawnInTerminal } from "@lydell/node-pty";
import { test, vi } from "vitest";
import { bin, makeFolder, manifest, remove } from "../../test/helpers/command.ts";
import { assembleText } from "../../test/helpers/modules.ts";

/** Creates a file in its directory, and never ends. */
const hangs = `(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "created")
  (func (export "_start")
    (drop (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 7)
      (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 32)))
    (loop $again (br $again))))`;

/** How long a process has computed, in milliseconds: nothing else tells that a guest has begun which changes nothing. */
function computedFor(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ").slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

test.concurrent.for([["run", "--all"], ["audit"]])(
  "Ctrl-C ends wasi-kit %j with 130, and leaves nothing behind",
  { skip: process.platform !== "linux" },
  async (args, { expect, onTestFinished }) => {
    const runs = { default: { preopens: { "/data": "data" } }, next: { preopens: { "/data": "data" } } };
    const cwd = await makeFolder({
      "hangs.wasm": await assembleText(hangs),
      "data/file.txt": "of somebody's",
      "wasi.json": manifest({ module: "hangs.wasm", runs }),
    });
    onTestFinished(() => remove(cwd));
    const temporary = join(cwd, "tmp");
    mkdirSync(temporary);

    const terminal = spawnInTerminal(process.execPath, [bin, ...args], {
      cwd,
      env: { ...process.env, TMPDIR: temporary },
    });
    let shown = "";
    terminal.onData((data) => (shown += data));
    const ended = new Promise<{ exitCode: number }>((resolve) => terminal.onExit(resolve));
    // Far longer than the command takes to start.
    await vi.waitFor(() => expect(computedFor(terminal.pid)).toBeGreaterThan(1500), { timeout: 30_000 });
    terminal.write("\u0003");
    expect(await ended).toMatchObject({ exitCode: 130 });
    expect(shown).toMatch(/Ended by Ctrl-C\.\s*$/);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(join(cwd, "data"))).toEqual(["file.txt"]);
  },
);
