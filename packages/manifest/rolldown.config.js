import { isDependency, later, library, minify } from "../../tools/library.js";

// What explains mistakes is loaded after one.
const mistakes = {
  name: "mistakes",
  load: (id) =>
    id.endsWith("/issues.ts") ? later("@wasi-kit/manifest/internal/issues", ["describeIssues"]) : undefined,
};

export default [
  ...library({ index: "src/index.ts", edit: "src/edit.ts", issues: "src/issues.ts" }),
  // The whole again for `wasi-kit run`, which has to start fast: one file, the library that validates included.
  {
    input: "src/index.ts",
    platform: "node",
    external: (id) => id !== "valibot" && isDependency(id),
    plugins: [mistakes],
    output: {
      file: "dist/manifest.cjs",
      format: "cjs",
      codeSplitting: false,
      minify,
      banner: "/*! Includes valibot, MIT, Copyright (c) Fabian Hiller: its license is in the package valibot. */",
    },
  },
];
