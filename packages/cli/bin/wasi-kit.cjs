#!/usr/bin/env node
"use strict";

// To run one guest is a CommonJS file or two: as modules, they would take longer to load
// than the guest takes. Everything else is loaded as modules, when it is needed.
async function start() {
  const argv = process.argv.slice(2);
  const isOneRun =
    argv[0] === "run" && !["--all", "--trace=summary", "--help", "-h"].some((option) => argv.includes(option));
  const { main } = isOneRun ? loadCompiled("./run.cjs") : await import("../dist/main.js");
  process.exitCode = await main(argv);
  // After a mistake on the command line little was called of what a run needs.
  if (process.exitCode !== 2) for (const keep of toKeep) keep();
}

/** What is to be done at the end, so that what is kept has the functions in it that were called. */
const toKeep = [];
const stampSize = 64;

/**
 * Loads a file of the bundle as it was compiled before: what V8 made of it is
 * kept beside it, in a file for each version of Node.js, and taken up again. That
 * halves the time to start. Where it can't be kept, the file is just loaded.
 */
function loadCompiled(name) {
  const fs = process.getBuiltinModule("node:fs");
  const { constants, Script } = process.getBuiltinModule("node:vm");
  const path = `${__dirname}/../bundle/${name.slice(2)}`;
  const kept = `${path.slice(0, -".cjs".length)}-${process.version}-${process.arch}.compiled`;
  const text = fs.readFileSync(path, "utf8");
  // V8 itself compares no more than the source's length. Another build has another time.
  const { mtimeMs, size } = fs.statSync(path);
  const stamp = Buffer.from(`${mtimeMs} ${size}`.padEnd(stampSize));

  const found = readIfThere(fs, kept);
  const isCurrent = found !== undefined && found.subarray(0, stampSize).equals(stamp);
  const script = new Script(`(function (exports, require, module) {${text}\n})`, {
    filename: path,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(isCurrent ? { cachedData: found.subarray(stampSize) } : {}),
  });
  if (!isCurrent) toKeep.push(() => write(fs, kept, () => Buffer.concat([stamp, script.createCachedData()])));
  const exports = {};
  const load = (id) => (id.startsWith("./") ? loadCompiled(id) : require(id));
  script.runInThisContext()(exports, load, { require: load });
  return exports;
}

function readIfThere(fs, file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

function write(fs, file, make) {
  const beside = `${file}.${process.pid}`;
  try {
    const fd = fs.openSync(beside, "wx");
    fs.writeSync(fd, make());
    fs.closeSync(fd);
    fs.renameSync(beside, file);
  } catch {
    // A folder of somebody else's, or none that can be written: then it is compiled each time.
    fs.rmSync(beside, { force: true });
  }
}

start();
