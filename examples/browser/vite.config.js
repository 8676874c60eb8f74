import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  // A module below 4 kB would be put into the script as text. As a file it can be fetched under any policy.
  build: { assetsInlineLimit: 0 },
  worker: { format: "es" },
  // Vite's development server puts dependencies together, and the web worker of this one would be lost.
  optimizeDeps: { exclude: ["@wasi-kit/runner"] },
});
