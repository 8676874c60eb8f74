// What the article does, and nothing more: a module under node:wasi.
const fs = require("node:fs");
const { WASI } = require("node:wasi");

const [path, sandbox] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", preopens: sandbox ? { "/sandbox": sandbox } : {} });

async function start() {
  const module = await WebAssembly.compile(fs.readFileSync(path));
  const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
  wasi.start(instance);
}

start();
