import { formatCall, replay, run } from "@wasi-kit/runner";

const { recording } = await run("examples/rust/read-file/build/read-file.wasm", {
  args: ["/sandbox/file.txt"],
  preopens: { "/sandbox": "examples/rust/read-file/fixtures" },
  record: "with-module",
});
if (recording === undefined) throw new Error("It was not recorded.");

// Anywhere, at any time: the files are not needed.
const { stdout } = await replay(recording, {
  trace: (call) => call.name === "path_open" && console.log(formatCall(call)),
});
console.log(stdout);
