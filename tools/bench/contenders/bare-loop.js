// Instantiates and starts a compiled module again and again, under node:wasi alone: bare-loop.js MODULE COUNT.
import { openSync, readFileSync } from "node:fs";
import { WASI } from "node:wasi";
import { repeat } from "./repeat.js";

const [path, count] = process.argv.slice(2);
const module = await WebAssembly.compile(readFileSync(path));
const stdout = openSync("/dev/null", "w");

await repeat(count, () => {
  const wasi = new WASI({ version: "preview1", args: ["module.wasm"], stdout, returnOnExit: true });
  // Handed over as they are, they crash Node.js 20 within some thousand runs.
  const calls = Object.entries(wasi.wasiImport).map(([name, call]) => [name, (...args) => call(...args)]);
  wasi.start(new WebAssembly.Instance(module, { wasi_snapshot_preview1: Object.fromEntries(calls) }));
});
