#!/usr/bin/env node
"use strict";

// CommonJS, as dist is: rolldown.config.js says why.
const { enableCompileCache } = require("node:module");
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
  const { XDG_CACHE_HOME, HOME } = process.env;
  try {
    const caches = XDG_CACHE_HOME || join(HOME || require("node:os").homedir(), ".cache");
    return join(caches, "wasi-kit", "compiled");
  } catch {
    // A user whom the system does not know has no home.
    return undefined;
  }
}
