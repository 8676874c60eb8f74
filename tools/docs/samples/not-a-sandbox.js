import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WASI } from "node:wasi";
import { run } from "@wasi-kit/runner";

// Two folders side by side: one to be granted, one to stay private. In the
// first lies a link that leads to the second.
const folder = mkdtempSync(join(tmpdir(), "tutorial-"));
mkdirSync(join(folder, "granted"));
mkdirSync(join(folder, "private"));
writeFileSync(join(folder, "private/key.txt"), "the private key\n");
symlinkSync("../private", join(folder, "granted/link"));

// The same for both hosts.
const module = "examples/rust/read-file/build/read-file.wasm";
const args = ["/sandbox/link/key.txt"];
const preopens = { "/sandbox": join(folder, "granted") };

console.log("bare node:wasi:");
const wasi = new WASI({ version: "preview1", args: ["read-file.wasm", ...args], preopens });
const compiled = await WebAssembly.compile(readFileSync(module));
wasi.start(await WebAssembly.instantiate(compiled, { wasi_snapshot_preview1: wasi.wasiImport }));

console.log("wasi-kit:");
const { outcome, stdout } = await run(module, { args, preopens });
console.log(outcome, JSON.stringify(stdout));

rmSync(folder, { recursive: true });
