import { run } from "@wasi-kit/runner";

const { outcome, exitCode, stdout, stderr } = await run("examples/wat/read-file/build/read-file.wasm", {
  args: ["/sandbox/notes/today.txt"],
  preopens: { "/sandbox": { path: "examples/wat/read-file/fixtures", access: "read-only" } },
  timeoutMs: 1000,
  maxMemoryBytes: 64 * 1024 * 1024,
});
console.log({ outcome, exitCode, stdout, stderr });
