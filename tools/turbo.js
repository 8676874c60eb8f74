// How turbo is started.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import process from "node:process";

const require = createRequire(import.meta.url);
const launcher = require.resolve("turbo/bin/turbo");

/** Runs turbo, and shows what it says. Gives its exit code. */
export function turbo(...args) {
  const { status } = spawnSync(process.execPath, [launcher, ...args], { stdio: "inherit" });
  return status ?? 1;
}

/** Runs turbo, and shows nothing. Gives what it wrote to stdout; undefined if it failed. */
export function quietTurbo(...args) {
  const { status, stdout } = spawnSync(process.execPath, [launcher, ...args], { encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}

/** Runs turbo as the last thing that is done: in this process, since starting Node once more takes longer than turbo. */
export function becomeTurbo(...args) {
  process.argv.splice(2, Infinity, ...args);
  require(launcher);
}
