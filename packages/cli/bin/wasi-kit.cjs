#!/usr/bin/env node
"use strict";

// To run one guest is one CommonJS file: as modules, it would take longer to load
// than the guest takes. Everything else is loaded as modules, when it is needed.
async function start() {
  const argv = process.argv.slice(2);
  const isOneRun = argv[0] === "run" && !["--all", "--help", "-h"].some((option) => argv.includes(option));
  const { main, keep } = isOneRun ? loadCompiled("run") : await import("../dist/main.js");
  process.exitCode = await main(argv);
  // After a mistake on the command line nothing was called that a run needs.
  if (process.exitCode !== 2) keep?.();
}

/**
 * Loads a file of the bundle as it was compiled before: what V8 made of it is
 * kept beside it, in a file for each version of Node.js, and read again. That
 * halves the time to start. Where it can't be kept, the file is just loaded.
 */
function loadCompiled(name) {
  const fs = process.getBuiltinModule("node:fs");
  const { dirname, join } = process.getBuiltinModule("node:path");
  const { constants, Script } = process.getBuiltinModule("node:vm");
  const path = join(dirname(__dirname), "bundle", `${name}.cjs`);
  const kept = join(dirname(path), `${name}-${process.version}-${process.arch}.compiled`);
  const text = fs.readFileSync(path, "utf8");
  // V8 looks at the source's length only. Another build has another time.
  const { mtimeMs, size } = fs.statSync(path);
  const stamp = Buffer.from(`${mtimeMs} ${size}`.padEnd(stampSize));

  const found = read(kept);
  const isCurrent = found !== undefined && found.subarray(0, stampSize).equals(stamp);
  const script = new Script(`(function (exports, require) {${text}\n})`, {
    filename: path,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(isCurrent ? { cachedData: found.subarray(stampSize) } : {}),
  });
  const exports = {};
  script.runInThisContext()(exports, (id) => require(id.replace(/^[.][/]/, "../bundle/")));
  return {
    main: exports.main,
    // Called at the end, so that what is kept has the functions that were called.
    keep: () => isCurrent || write(kept, () => Buffer.concat([stamp, script.createCachedData()])),
  };

  function read(file) {
    try {
      return fs.readFileSync(file);
    } catch {
      return undefined;
    }
  }

  function write(file, make) {
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
}

const stampSize = 64;

start();
