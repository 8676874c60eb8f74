#!/usr/bin/env node
"use strict";

const { enableCompileCache } = require("node:module");
const { homedir } = require("node:os");
const { join } = require("node:path");

// What V8 makes of our code is kept for the next start, where Node.js knows how to (22.1 and later).
enableCompileCache?.(cacheFolder());

start();

// To run one guest is CommonJS: modules would take longer to load than the guest takes.
async function start() {
  const argv = process.argv.slice(2);
  const isOneRun =
    argv[0] === "run" && !["--all", "--trace=summary", "--help", "-h"].some((option) => argv.includes(option));
  const { main } = isOneRun ? require("../bundle/run.cjs") : await import("../dist/main.js");
  process.exitCode = await main(argv);
}

/** The user's own, on systems whose temporary folder is everybody's; undefined for that of Node.js. */
function cacheFolder() {
  if (process.platform === "win32" || process.platform === "darwin") return undefined;
  try {
    return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "wasi-kit", "compiled");
  } catch {
    // A user whom the system does not know has no home.
    return undefined;
  }
}
