import { testProgram } from "@wasi-kit/vitest";

// One test for each run in wasi.json, compared with __snapshots__/<run>.txt.
// The host's environment is made up here, so that `inherited` is the same on
// every machine: HOME is passed on by name, and TOKEN stays behind.
await testProgram(import.meta.url, { env: { HOME: "/home/newcomer", TOKEN: "not for the guest" } });
