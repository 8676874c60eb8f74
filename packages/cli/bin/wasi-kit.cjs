#!/usr/bin/env node
"use strict";

// To run one guest is CommonJS: modules would take longer to load than the guest takes.
async function start() {
  const argv = process.argv.slice(2);
  const isOneRun =
    argv[0] === "run" && !["--all", "--trace=summary", "--help", "-h"].some((option) => argv.includes(option));
  const { main } = isOneRun ? loadCompiled(`${bundle}run.cjs`) : await import("../dist/main.js");
  process.exitCode = await main(argv);
  // After a mistake on the command line little was called of what a run needs.
  if (process.exitCode !== 2) for (const keep of toKeep) keep();
}

const bundle = `${__dirname}/../bundle/`;
/** For the end, when the functions that were called are compiled. */
const toKeep = [];
const stampSize = 64;

/** Loads a CommonJS file with what V8 made of it before, which is kept in the bundle: that halves the time to start. */
function loadCompiled(path) {
  const fs = process.getBuiltinModule("node:fs");
  const { constants, Script } = process.getBuiltinModule("node:vm");
  const [name] = /[^\\/]+(?=\.cjs$)/.exec(path);
  const kept = `${bundle}${name}-${process.version}-${process.arch}.compiled`;
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
  const load = (id) => (id.endsWith(".cjs") ? loadCompiled(findInstalled(fs, id)) : require(id));
  script.runInThisContext()(exports, load, { require: load });
  return exports;
}

/** To look is faster than `require.resolve`. */
function findInstalled(fs, id) {
  const there = require.resolve.paths(id).find((folder) => fs.existsSync(`${folder}/${id}`));
  return there === undefined ? require.resolve(id) : `${there}/${id}`;
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
