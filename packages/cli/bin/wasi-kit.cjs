#!/usr/bin/env node
"use strict";

// `run` is one CommonJS file: as modules, it would take longer to load than the
// guest takes to run. Everything else is loaded as modules, when it is needed.
async function start() {
  const load = process.argv[2] === "run" ? () => require("../bundle/run.cjs") : () => import("../dist/main.js");
  const { main } = await load();
  process.exitCode = await main(process.argv.slice(2));
}

start();
