// Runs a module that calls functions of the host, so many times, and prints how many milliseconds that took:
//
//     host-functions.js bare|runSync MODULE RUNS
import { readFileSync } from "node:fs";
import { runSync } from "@wasi-kit/runner";

const [how, path, runs] = process.argv.slice(2);
let sum = 0;
const functions = (bytes) => ({
  add: (a, b) => (a + b) | 0,
  log(address, size) {
    sum += bytes(address, size)[0];
  },
});

const module = new WebAssembly.Module(readFileSync(path));
const ways = {
  bare() {
    const env = functions((address, size) => new Uint8Array(exports.memory.buffer, address, size));
    const { exports } = new WebAssembly.Instance(module, { env });
    const started = performance.now();
    exports["_start"]();
    return performance.now() - started;
  },
  runSync: () => runSync(path, { imports: ({ bytes }) => ({ env: functions(bytes) }) }).durationMs,
};

let total = 0;
for (let i = 0; i < Number(runs); i++) total += ways[how]();
if (Number.isNaN(sum)) throw new Error("There is nothing at that address.");
console.log(total);
