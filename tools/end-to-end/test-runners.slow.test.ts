import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../root.ts";
import { assemble, imports } from "../wat.ts";

// Test runners load a project's packages into a realm of its own (node:vm), into threads or into processes.

const command = (start: string, more = ""): string =>
  `(module ${imports} (memory (export "memory") 1) ${more} (func $start (export "_start") ${start}))`;
const write = (fd: number, at: number): string =>
  `(drop (call $fd_write (i32.const ${fd}) (i32.const ${at}) (i32.const 1) (i32.const 8)))`;
const hello = '(data (i32.const 16) "\\20\\00\\00\\00\\06\\00\\00\\00") (data (i32.const 32) "hello\\n")';
const forever = "(loop $again (br $again))";

const modules = {
  hello: command(write(1, 16), hello),
  loop: command(forever),
  started: command(`${write(1, 16)} ${forever}`, hello),
  // An hour by the monotonic clock.
  sleep: command(
    `(i32.store (i32.const 144) (i32.const 1)) (i64.store (i32.const 152) (i64.const 3600000000000))
     (drop (call $poll_oneoff (i32.const 128) (i32.const 256) (i32.const 1) (i32.const 8)))`,
  ),
  trap: command("(call $outer)", "(func $inner unreachable) (func $outer (call $inner))"),
  // Asks the host at each level.
  deep: command(
    `(drop (call $path_filestat_get (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 9) (i32.const 64)))
     (call $start)`,
    '(data (i32.const 16) "hello.wat")',
  ),
  cat: command(
    `(i32.store (i32.const 16) (i32.const 1024)) (i32.store (i32.const 20) (i32.const 1024))
     (loop $again
       (drop (call $fd_read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 20)))
       (if (i32.load (i32.const 20)) (then ${write(1, 16)} (i32.store (i32.const 20) (i32.const 1024)) (br $again))))`,
  ),
  write: command(
    `(drop (call $path_create_directory (i32.const 3) (i32.const 16) (i32.const 1)))`,
    '(data (i32.const 16) "a")',
  ),
  imports: '(module (import "env" "f" (func)) (func (export "_start")))',
  library: `(module (memory (export "memory") 1)
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "loop") ${forever}))`,
} satisfies Record<string, string>;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wasi-kit-test-runners-"));
  for (const [name, text] of Object.entries(modules)) await assemble(folder, name, text);
  // Not of this workspace, which would have 250 packages more for this test alone.
  await x(
    "npm",
    ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "jest@30"],
    {
      throwOnError: true,
    },
  );
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }), 120_000);

const project = join(root, "tools/end-to-end/test-runners");
const vitest = (pool: string): string[] => [join(root, "node_modules/vitest/vitest.mjs"), "run", "--pool", pool];

test.each<[runner: string, command: () => string[]]>([
  ["vitest, threads", () => vitest("threads")],
  ["vitest, forks", () => vitest("forks")],
  ["vitest, vmThreads", () => vitest("vmThreads")],
  ["vitest, vmForks", () => vitest("vmForks")],
  ["jest", () => ["--experimental-vm-modules", join(folder, "node_modules/jest/bin/jest.js"), "--ci"]],
])("a project's tests pass: %s", async (_, commandLine) => {
  const env = { MODULES: folder, CI: "", NO_COLOR: "1", VITEST: undefined, VITEST_POOL_ID: undefined };
  const { exitCode, stdout, stderr } = await x(process.execPath, commandLine(), { nodeOptions: { cwd: project, env } });
  expect(stdout + stderr).toMatch(/Tests:? +23 passed/);
  expect(exitCode).toBe(0);
});
