import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));

const sourceOf = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

// What the command line starts with of our packages, and what finds out that there is nothing to build: their many files
// would take longer to load than a small guest takes to run.
const alias = {
  "@wasi-kit/compiler/current": sourceOf("compiler/src/current.ts"),
  "@wasi-kit/manifest/edit": sourceOf("manifest/src/edit.ts"),
  "@wasi-kit/manifest": sourceOf("manifest/src/index.ts"),
  "@wasi-kit/runner/commands": sourceOf("runner/src/advice/project-commands.ts"),
  "@wasi-kit/runner/explain": sourceOf("runner/src/explain/explain-run.ts"),
  "@wasi-kit/runner": sourceOf("runner/src/index.ts"),
  "@wasi-kit/vitest/record": sourceOf("vitest/src/record.ts"),
  "@wasi-kit/wasi/abi": sourceOf("wasi/src/abi/index.ts"),
  "@wasi-kit/wasi/option-rules": sourceOf("wasi/src/option-rules.ts"),
  "@wasi-kit/wasi/node": sourceOf("wasi/src/node/index.ts"),
  "@wasi-kit/wasi": sourceOf("wasi/src/index.ts"),
  "@wasi-kit/wasm/binary": sourceOf("wasm/src/binary/index.ts"),
  "@wasi-kit/wasm/debug": sourceOf("wasm/src/debug/index.ts"),
  "@wasi-kit/wasm/node": sourceOf("wasm/src/node/index.ts"),
  "@wasi-kit/wasm": sourceOf("wasm/src/index.ts"),
};

const isDependency = (id) => Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`));

const common = {
  platform: "node",
  resolve: { alias },
  external: (id) => isDependency(id) && !Object.hasOwn(alias, id),
};

export default [
  {
    ...common,
    input: "src/main.ts",
    // The other files find in it what they share with it. Otherwise it would be two: what exports it, and `main`.
    preserveEntrySignatures: "allow-extension",
    output: {
      dir: "dist",
      // CommonJS: an ES module that imports from node:fs makes Node load streams, promises and readline with it, which
      // takes 8 ms of a run of 50.
      format: "cjs",
      entryFileNames: "[name].cjs",
      chunkFileNames: "[name].cjs",
      // What is needed at the start is one file. What the source loads by `import()` is a file of its own.
      codeSplitting: { groups: [{ name: "main", tags: ["$initial"] }] },
      sourcemap: true,
      cleanDir: true,
    },
  },
  {
    ...common,
    // The threads of the runner's pool: pool/node-worker.ts starts the file of this name that is beside its own.
    input: sourceOf("runner/src/pool/worker.ts"),
    output: { file: "dist/worker.js", format: "esm", codeSplitting: false, sourcemap: true },
  },
];
