#!/usr/bin/env node
"use strict";

// To run one guest is one CommonJS file: as modules, it would take longer to load
// than the guest takes. Everything else is loaded as modules, when it is needed.
async function start() {
  const isOneRun = process.argv[2] === "run" && !process.argv.includes("--all");
  const { main } = isOneRun ? require("../bundle/run.cjs") : await import("../dist/main.js");
  process.exitCode = await main(process.argv.slice(2));
}

start();
