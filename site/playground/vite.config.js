import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  worker: { format: "es" },
  build: {
    target: "es2022",
    // The compiler of AssemblyScript is several megabytes, and is loaded when it is asked for.
    chunkSizeWarningLimit: 16_000,
    modulePreload: { polyfill: false },
  },
});
