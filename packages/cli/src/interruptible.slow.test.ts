import { mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { spawn as spawnInTerminal } from "@lydell/node-pty";
import { test, vi } from "vitest";
import { bin, folderWith, manifest, remove } from "./testing/command.ts";
import { assembleText } from "./testing/modules.ts";

/** Creates the file "started" in its directory, and never ends. */
const hangs = `(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "started")
  (func (export "_start")
    (drop (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 7)
      (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 32)))
    (loop $again (br $again))))`;

/** The names of all that is in a folder and below. */
const all = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => basename(path));

test.concurrent.for([["run", "--all"], ["audit"]])(
  "Ctrl-C ends wasi-kit %j with 130, and leaves no copies of directories behind",
  async (args, { expect, onTestFinished }) => {
    const runs = { default: { preopens: { "/data": "data" } }, next: { preopens: { "/data": "data" } } };
    const cwd = await folderWith({
      "hangs.wasm": await assembleText(hangs),
      "data/file.txt": "of somebody's",
      "wasi.json": manifest({ module: "hangs.wasm", runs }),
    });
    onTestFinished(() => remove(cwd));
    const copies = join(cwd, "tmp");
    mkdirSync(copies);

    const terminal = spawnInTerminal(process.execPath, [bin, ...args], {
      cwd,
      env: { ...process.env, TMPDIR: copies },
    });
    let shown = "";
    terminal.onData((data) => (shown += data));
    const ended = new Promise<{ exitCode: number }>((resolve) => terminal.onExit(resolve));
    await vi.waitFor(() => expect(all(copies)).toContain("started"), { timeout: 10_000 });
    terminal.write("\u0003");
    expect(await ended).toMatchObject({ exitCode: 130 });
    expect(shown).toMatch(/Ended by Ctrl-C\.\s*$/);
    expect(readdirSync(copies)).toEqual([]);
  },
);
