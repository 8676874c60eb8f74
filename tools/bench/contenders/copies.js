// Runs a module again and again over a copy-on-write directory, in this thread: copies.js MODULE COUNT DIR.
import { readFileSync } from "node:fs";
import { runSync } from "@wasi-kit/runner";
import { repeat } from "./repeat.js";

const [path, count, directory] = process.argv.slice(2);
const module = await WebAssembly.compile(readFileSync(path));
const preopens = { "/base": { path: directory, access: "copy-on-write" } };
await repeat(count, () => {
  const { exitCode } = runSync(module, { stdin: "changed", preopens });
  if (exitCode !== 0) throw new Error(`It ended with ${exitCode}.`);
});
