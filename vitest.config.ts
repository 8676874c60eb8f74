import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Below the folder that vitest is started in: the root for all, an example for its own.
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/target/**"],
    // Compilers and processes take their time on a busy machine; no test waits for a time.
    testTimeout: 60_000,
    // All cores: most tests wait for a process that they started.
    maxWorkers: "100%",
  },
});
