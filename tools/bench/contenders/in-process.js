// Runs a compiled module again and again, in this thread: in-process.js MODULE COUNT.
import { readFileSync } from "node:fs";
import { runSync } from "@wasi-kit/runner";
import { repeat } from "./repeat.js";

const [path, count] = process.argv.slice(2);
const module = await WebAssembly.compile(readFileSync(path));
await repeat(count, () => runSync(module));
