// The bundle of `wasi-kit run`: see bin/wasi-kit.cjs.
const output = {
  dir: "bundle",
  format: "cjs",
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name].cjs",
  // Half the size is parsed in half the time. Names stay, for the traces of errors.
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
};

/** What is needed only where something went wrong: its module, and the function that it is called by. */
const later = {
  frames: ["../runner/dist/debug/frames.js", "framesOf"],
  decode: ["../runner/dist/trace/decode.js", "createDecoder"],
};

// It is loaded then, from a file of its own: it is a fifth of the whole.
// `module.require` is CommonJS's own require, which is not looked into here.
const loadedLater = {
  name: "loaded-later",
  load(id) {
    const [file, [, name]] = Object.entries(later).find(([, [path]]) =>
      id.endsWith(path.slice("../runner".length)),
    ) ?? [undefined, []];
    return file && `export const ${name} = (...args) => module.require("./${file}.cjs").${name}(...args);`;
  },
};

export default [
  {
    input: "src/run.ts",
    platform: "node",
    // bin/wasi-kit.cjs sends --all and --trace elsewhere. What two parts share would get a file of its own, and
    // to open another file costs as much as to parse this one.
    external: [/run-all/, /\/trace\.ts$/],
    plugins: [loadedLater],
    output,
  },
  ...Object.entries(later).map(([name, [path]]) => ({ input: { [name]: path }, platform: "node", output })),
];
