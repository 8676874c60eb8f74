/**
 * Runs a module in this process, and prints how many milliseconds the guest took:
 *
 *     guest.js WASI MODULE [STDOUT [DIRECTORY]]
 *
 * STDOUT is the file that its output goes to, DIRECTORY what it is granted.
 */
import { openSync, readFileSync } from "node:fs";
import { WASI } from "node:wasi";
import { bytesSource, createWasi, hostRandom, memory, outputTo, stdinFrom } from "@wasi-kit/wasi";
import { hostClock, hostDirectory, hostOutput } from "@wasi-kit/wasi/node";
import { runSync } from "@wasi-kit/runner";
import type { Preopen } from "@wasi-kit/runner";
import { readTree } from "../../conformance/tree.ts";

const [name = "", path = "", output = "/dev/null", directory] = process.argv.slice(2);
const stdout = openSync(output, "w");
const grant = <T>(place: (directory: string) => T): Record<string, T> =>
  directory === undefined ? {} : { "/sandbox": place(directory) };

/** What the guest runs on: each gives how many milliseconds it ran. */
const hosts: Readonly<Record<string, () => number>> = {
  "node:wasi"() {
    const wasi = new WASI({ version: "preview1", stdout, returnOnExit: true, preopens: grant((it) => it) });
    return time(wasi.wasiImport as WebAssembly.ModuleImports, (instance) => wasi.start(instance));
  },
  runSync: () => run((it) => it),
  memory: () => run((it) => memory(readTree(it))),
  // Without what the runner puts around every call.
  "@wasi-kit/wasi"() {
    const wasi = createWasi({
      stdin: stdinFrom(bytesSource("")),
      stdout: outputTo("stdout", hostOutput(stdout)),
      stderr: outputTo("stderr", hostOutput(2)),
      clock: hostClock(),
      random: hostRandom,
      preopens: grant((it) => ({ fileSystem: hostDirectory(it) })),
    });
    return time({ ...wasi.imports }, ({ exports }) => {
      wasi.memory.memory = exports["memory"] as WebAssembly.Memory;
      (exports["_start"] as () => void)();
      wasi.close();
    });
  },
};

function run(place: (directory: string) => Preopen): number {
  const { outcome, durationMs, stderr } = runSync(path, { stdout: { fd: stdout }, preopens: grant(place) });
  if (outcome !== "exited") throw new Error(`The guest ended as ${outcome}. ${stderr}`);
  return durationMs;
}

function time(imports: WebAssembly.ModuleImports, start: (instance: WebAssembly.Instance) => void): number {
  const module = new WebAssembly.Module(readFileSync(path));
  const started = performance.now();
  start(new WebAssembly.Instance(module, { wasi_snapshot_preview1: imports }));
  return performance.now() - started;
}

const host = hosts[name];
if (!host) throw new Error(`There is no ${name}. There are: ${Object.keys(hosts).join(", ")}.`);
console.log(host());
