import { createPool } from "@wasi-kit/runner";

const module = new URL("../../../examples/wat/exit-code/build/exit-code.wasm", import.meta.url);

const pool = createPool({ size: 2 });
const runs = ["0", "3", "trap"].map((arg) => pool.run(module, { args: [arg], timeoutMs: 1000 }));
for (const { outcome, exitCode } of await Promise.all(runs)) console.log(outcome, exitCode);
await pool.close();
