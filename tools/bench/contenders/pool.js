// Runs a module again and again in a pool that has a worker for each core: pool.js MODULE COUNT [ARG…].
import { availableParallelism } from "node:os";
import { createPool } from "@wasi-kit/runner";
import { repeat } from "./repeat.js";

const [path, count, ...args] = process.argv.slice(2);
const pool = createPool();
// Two for each worker: while one is made, the next one waits.
await repeat(count, () => pool.run(path, { args }), { parallel: 2 * availableParallelism() });
await pool.close();
