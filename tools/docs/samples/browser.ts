import { explain, run } from "@wasi-kit/runner/browser";

const files = { "today.txt": "Water the plants.\n" };
const granted = { args: ["/notes/today.txt"], preopens: { "/notes": { files } }, timeoutMs: 1000 };
const { stdout } = await run("/modules/read-file.wasm", granted);
console.log(stdout);

const denied = { ...granted, preopens: {} };
const end = await run("/modules/read-file.wasm", denied);
console.log(end.outcome, explain({ end, options: denied })?.text);
