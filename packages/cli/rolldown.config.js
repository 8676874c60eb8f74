// The bundle of `wasi-kit run`: see bin/wasi-kit.cjs.
export default {
  input: "src/run.ts",
  platform: "node",
  external: ["cli-table3"],
  output: {
    dir: "bundle",
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name].cjs",
    comments: false,
    // All that a module needs to run in one file: to open another costs as much as to parse this one.
    codeSplitting: { groups: [{ name: "runner", test: /runner|src\/(command|execute|say|commands\/run)\.ts/ }] },
  },
};
