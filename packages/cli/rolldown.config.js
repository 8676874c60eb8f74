import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));

const sourceOf = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const common = {
  platform: "node",
  // The packages of ours that the command line starts with: their many files would take longer to load than a small
  // guest takes to run.
  resolve: {
    alias: {
      "@wasi-kit/manifest/edit": sourceOf("manifest/src/edit.ts"),
      "@wasi-kit/manifest": sourceOf("manifest/src/index.ts"),
      "@wasi-kit/runner/explain": sourceOf("runner/src/explain/explain-run.ts"),
      "@wasi-kit/runner": sourceOf("runner/src/index.ts"),
      "@wasi-kit/vitest/record": sourceOf("vitest/src/record.ts"),
      "@wasi-kit/wasi/abi": sourceOf("wasi/src/abi/index.ts"),
      "@wasi-kit/wasi/node": sourceOf("wasi/src/node/index.ts"),
      "@wasi-kit/wasi": sourceOf("wasi/src/index.ts"),
      "@wasi-kit/wasm/binary": sourceOf("wasm/src/binary/index.ts"),
      "@wasi-kit/wasm/debug": sourceOf("wasm/src/debug/index.ts"),
      "@wasi-kit/wasm": sourceOf("wasm/src/index.ts"),
    },
  },
  external: Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`)),
};

export default [
  {
    ...common,
    input: "src/main.ts",
    output: {
      dir: "dist",
      // CommonJS: an ES module that imports from node:fs makes Node load streams, promises and readline with it, which
      // takes 8 ms of a run of 50.
      format: "cjs",
      entryFileNames: "[name].cjs",
      chunkFileNames: "[name].cjs",
      // What is needed at the start is one file. What the source loads by `import()` is a file of its own.
      codeSplitting: { groups: [{ name: "start", tags: ["$initial"] }] },
      sourcemap: true,
      cleanDir: true,
    },
  },
  {
    ...common,
    // The threads of the runner's pool: pool/pooled-worker.ts starts the file of this name that is beside its own.
    input: sourceOf("runner/src/pool/worker.ts"),
    output: { file: "dist/worker.js", format: "esm", codeSplitting: false, sourcemap: true },
  },
];
