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
    // A file each for what a module needs to run, and for what a manifest adds to that:
    // to open one more file costs as much as to parse all of this one.
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: "runner", test: /runner|rolldown.runtime|src\/(command|execute|say|commands\/run)\.ts/ },
        { name: "manifest", test: /manifest\/dist\/(?!issues)|valibot/ },
      ],
    },
  },
};
