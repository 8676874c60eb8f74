import { readFileSync } from "node:fs";
import { createWasi, functionSink, hostRandom, memory, outputTo, stdinFrom, bytesSource } from "@wasi-kit/wasi";
import { hostClock } from "@wasi-kit/wasi/node";

const module = new WebAssembly.Module(readFileSync("examples/rust/write-file/build/write-file.wasm"));
const files = memory({ "file.txt": "one\n" });
const show = functionSink((bytes) => void process.stdout.write(bytes));

const wasi = createWasi({
  args: ["write-file", "append", "/sandbox/file.txt", "two\n"],
  preopens: { "/sandbox": { fileSystem: files } },
  stdin: stdinFrom(bytesSource("")),
  stdout: outputTo("stdout", show),
  stderr: outputTo("stderr", show),
  clock: hostClock(),
  random: hostRandom,
});
try {
  const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.imports });
  wasi.memory.memory = exports["memory"] as WebAssembly.Memory;
  (exports["_start"] as () => void)();
} finally {
  wasi.close();
}
console.log(files.tree());
