import { testProgram } from "@wasi-kit/vitest";

// One test for each run in wasi.json, compared with __snapshots__/<run>.txt.
await testProgram(import.meta.url);
