import { realpathSync } from "node:fs";

// The bundle of `wasi-kit run`: see bin/wasi-kit.cjs.
const output = {
  dir: "bundle",
  format: "cjs",
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name].cjs",
  // Half the size is parsed in half the time. Names stay, for the traces of errors.
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
};

/** What is needed only where something goes wrong, or is asked for: its module, and the function by which it is called. */
const later = {
  frames: ["../runner/dist/debug/frames.js", "framesOf"],
  decode: ["../runner/dist/trace/decode.js", "createDecoder"],
  explain: ["src/explain.ts", "explainRun"],
  trace: ["src/trace.ts", "openTrace"],
};

// It is loaded then, from a file of its own. `module.require` is CommonJS's own require, which is not looked into here.
const loadedLater = {
  name: "loaded-later",
  load(id) {
    for (const [file, [path, name]] of Object.entries(later)) {
      if (id === realpathSync(path))
        return `export const ${name} = (...args) => module.require("./${file}.cjs").${name}(...args);`;
    }
    return undefined;
  },
};

// bin/wasi-kit.cjs sends --all and --trace=summary elsewhere.
const external = [/run-all/, /trace-summary/];

export default [
  {
    input: "src/run.ts",
    platform: "node",
    // What two parts share would get a file of its own, and
    // to open another file costs as much as to parse this one.
    external,
    plugins: [loadedLater],
    output,
  },
  ...Object.entries(later).map(([name, [path]]) => ({
    input: { [name]: path },
    platform: "node",
    output,
  })),
];
