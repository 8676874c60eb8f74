// The bundle of `wasi-kit run`: see bin/wasi-kit.cjs.
export default {
  input: "src/run.ts",
  platform: "node",
  // bin/wasi-kit.cjs sends --all elsewhere. What two parts share would get a file of its own, and
  // to open another file costs as much as to parse this one.
  external: [/run-all/],
  output: {
    dir: "bundle",
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name].cjs",
    // Half the size is parsed in half the time. Names stay, for the traces of errors.
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  },
};
