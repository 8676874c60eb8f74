#!/usr/bin/env node
"use strict";

// CommonJS, as dist is: rolldown.config.js says why.
const { enableCompileCache } = require("node:module");
const { homedir } = require("node:os");
const { join } = require("node:path");

// What V8 compiles is kept for the next start, if Node can do that (22.1 and later).
enableCompileCache?.(cacheFolder());

start();

async function start() {
  const { main } = require("../dist/main.cjs");
  process.exitCode = await main(process.argv.slice(2));
}

/** The user's own, on systems whose temporary folder is everybody's; undefined for the default of Node. */
function cacheFolder() {
  if (process.platform === "win32" || process.platform === "darwin") return undefined;
  try {
    return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "wasi-kit", "compiled");
  } catch {
    // A user whom the system does not know has no home.
    return undefined;
  }
}
