import { createPool } from "@wasi-kit/runner";
import { compile } from "./compile.ts";

// In a pool, each limit has a default. This one stops a program sooner.
await using pool = createPool({ size: 2, maxQueue: 100, queueTimeoutMs: 5000 });
const module = await pool.prepare(await compile("greedy.wat"));

for (const what of ["loop", "write", "trap"]) {
  const result = await pool.run(module, {
    args: [what],
    preopens: { "/work": { files: { "in.txt": "what the request brought" } } },
    timeoutMs: 500,
    maxWrittenBytes: 1_000_000,
    key: "address or user of the request",
  });
  console.log(what, "→", result.outcome, result.exitCode, result.limit);
}
console.log(pool.stats().outcomes);
