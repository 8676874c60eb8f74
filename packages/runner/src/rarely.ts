// What `wasi-kit run` does without most of the time, and loads when it needs it: packages/cli/bundle.config.js.
export { seededRandom } from "./layers/seeded-random.ts";
export { limitMemory } from "./memory-limit.ts";
export { createDecoder } from "./trace/decode.ts";
export { traceCalls } from "./trace/trace.ts";
