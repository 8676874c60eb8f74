import { fileURLToPath } from "node:url";
import { run } from "@wasi-kit/runner";

const module = new URL("../../../examples/rust/read-file/build/read-file.wasm", import.meta.url);
const sandbox = fileURLToPath(new URL("../../../examples/rust/read-file/fixtures", import.meta.url));

const granted = await run(module, { args: ["/sandbox/notes/today.txt"], preopens: { "/sandbox": sandbox } });
console.log(granted.outcome, granted.exitCode, granted.stdout);

const denied = await run(module);
console.log(denied.outcome, denied.exitCode, denied.trap?.message);
