import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "examples/*/*/*.test.ts", "tools/src/**/*.test.ts"],
    // Compilers and processes take their time on a busy machine; no test waits for a time.
    testTimeout: 60_000,
  },
});
