import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path) => fileURLToPath(new URL(`../../packages/${path}`, import.meta.url));

// The tests of an area, on sources: what is built of them is not what is mutated.
export default defineConfig({
  resolve: {
    alias: [
      { find: "@wasi-kit/wasi/abi", replacement: source("wasi/src/abi/index.ts") },
      { find: "@wasi-kit/wasi/node", replacement: source("wasi/src/node/index.ts") },
      { find: /^@wasi-kit\/wasi$/, replacement: source("wasi/src/index.ts") },
    ],
  },
  test: {
    include: JSON.parse(process.env.WASI_KIT_MUTATION_TESTS ?? "[]"),
    testTimeout: 60_000,
    isolate: false,
  },
});
