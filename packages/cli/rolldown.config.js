// The bundle of `wasi-kit run`: see bin/wasi-kit.cjs.
const output = {
  dir: "bundle",
  format: "cjs",
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name].cjs",
  // Half the size is parsed in half the time. Names stay, for the traces of errors.
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
};

// What is needed after a trap only is loaded then, from a file of its own: it is a fifth of the whole.
// `module.require` is CommonJS's own require, which is not looked into here.
const afterTrap = {
  name: "after-trap",
  load: (id) =>
    id.endsWith("/debug/frames.js")
      ? 'export const framesOf = (...args) => module.require("./frames.cjs").framesOf(...args);'
      : undefined,
};

export default [
  {
    input: "src/run.ts",
    platform: "node",
    // bin/wasi-kit.cjs sends --all elsewhere. What two parts share would get a file of its own, and
    // to open another file costs as much as to parse this one.
    external: [/run-all/],
    plugins: [afterTrap],
    output,
  },
  { input: "../runner/dist/debug/frames.js", platform: "node", output },
];
