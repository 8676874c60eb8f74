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
    // Half the size is parsed in half the time. Names stay, for the traces of errors.
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    // All that a module needs to run in one file: to open another costs as much as to parse this one.
    codeSplitting: { groups: [{ name: "runner", test: /runner|src\/(command|execute|say|commands\/run)\.ts/ }] },
  },
};
