import { testExample } from "@wasi-kit/vitest";

// One test for each run in wasi.json, held against __snapshots__/<run>.txt.
await testExample(import.meta.url);
