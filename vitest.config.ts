import { wasiKit } from "@wasi-kit/vitest/plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [wasiKit()],
  test: {
    // Below the folder that vitest is started in: the root for all, an example for its own.
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/target/**"],
    // Compilers and processes take their time on a busy machine; no test waits for a time.
    testTimeout: 60_000,
    // No test installs a compiler: `pnpm toolchains` does.
    env: { WASI_KIT_NO_INSTALL: "1" },
    // One process a core for all files: starting one for each takes longer than most tests do.
    isolate: false,
    // What is compiled already is loaded as users load it.
    server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
    // All cores: most tests wait for a process that they started.
    maxWorkers: "100%",
  },
});
