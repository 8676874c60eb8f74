import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { copyExample } from "./copy.ts";
import { missingCompiler } from "./set-up.ts";
import { bin, folderWith } from "../test/command.ts";

const wasiKit = fileURLToPath(new URL("../../cli/bin/wasi-kit.cjs", import.meta.url));

test("a compiler that is missing is named, with what to type; one that is there is not", async () => {
  const dir = join(folderWith(), "app");
  copyExample({ example: "rust/hello", dir });
  // As npm installs it.
  mkdirSync(join(dir, "node_modules/.bin"), { recursive: true });
  symlinkSync(wasiKit, join(dir, "node_modules/.bin/wasi-kit"));
  await expect(missingCompiler(dir)).resolves.toBeUndefined();

  const path = folderWith();
  symlinkSync(process.execPath, join(path, "node"));
  vi.stubEnv("PATH", path);
  onTestFinished(() => void vi.unstubAllEnvs());
  const missing = await missingCompiler(dir);
  // The distribution's Rust is found without PATH.
  if (missing === undefined) return;
  expect(missing).toMatch(/missing +rustc and cargo +rust/);
  expect(missing).toContain("To fix it, type: npx wasi-kit doctor --fix\n");
  expect(missing).toMatch(/or by hand: +\S+/);
});

/** Whether a process is there that has not ended. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

test.runIf(process.platform === "linux").each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
  ["SIGKILL", null],
] as const)("an installation ends with what started it, which %s alone ends", async (signal, exitCode) => {
  const path = folderWith({ npm: '#!/bin/sh\nsleep 600 & echo $$ $! > "$PIDS"; wait\n' });
  chmodSync(join(path, "npm"), 0o755);
  const cwd = folderWith();
  const pidsFile = join(path, "pids");
  const env = {
    ...process.env,
    PATH: `${path}:${process.env["PATH"]}`,
    PIDS: pidsFile,
    npm_config_user_agent: "npm/11.6.0",
  };
  const args = [bin, "app", "--yes", "--example", "wat/hello"];
  const created = spawn(process.execPath, args, { cwd, env, stdio: "ignore" });
  const ended = new Promise((resolve) => created.on("exit", resolve));
  const pids = await vi.waitFor(() => {
    const found = readFileSync(pidsFile, "utf8").match(/\d+/g) ?? [];
    expect(found).toHaveLength(2);
    return found.map(Number);
  }, 30_000);
  expect(pids.every(isRunning)).toBe(true);
  created.kill(signal);
  expect(await ended).toBe(exitCode);
  await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), 30_000);
});
