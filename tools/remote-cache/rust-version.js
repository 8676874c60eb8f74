// Which Rust the examples were built with that are in the cache.
//
// The Rust is part of what turbo knows their build by. A machine without Rust can't say which that is, so whoever has
// built them puts it into the cache as well, under what does not depend on it: the task rust-version of turbo.json.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { quietTurbo } from "../turbo.js";

const folder = "build";
const file = `${folder}/rust-version`;
const task = ["run", "rust-version"];

/** The Rust that built what the cache has of the examples as they are here; undefined if it does not have them. */
export function cachedRust() {
  rmSync(file, { force: true });
  quietTurbo(...task);
  const version = existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
  return version && hasBuild(version) ? version : undefined;
}

/** Puts into the cache, after a build, with which Rust it was made. */
export function rememberRust() {
  quietTurbo(...task);
}

function hasBuild(version) {
  process.env.WASI_KIT_RUST = version;
  try {
    const plan = JSON.parse(quietTurbo("run", "build:rust", "--dry=json") ?? `{"tasks":[]}`);
    return plan.tasks.some(({ taskId, cache }) => taskId === "//#build:rust" && cache.status === "HIT");
  } finally {
    delete process.env.WASI_KIT_RUST;
  }
}

// The task itself: without a cached answer only whoever has built can give one.
if (process.argv[2] === "write") {
  const version = process.env.WASI_KIT_RUST;
  if (!version || version === "none") process.exit(1);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${version}\n`);
}
