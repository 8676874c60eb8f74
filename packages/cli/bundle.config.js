// The bundle of `wasi-kit run`, one file: see bin/wasi-kit.cjs.
import { fileURLToPath } from "node:url";
import { later } from "../../tools/library.js";

const sourceOf = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Sources that not every run needs: the functions that are taken from where they are installed, when one does. */
const rarelyNeeded = {
  "/debug/frames.ts": later("@wasi-kit/runner/internal/frames", ["framesOf"]),
  "/cli/src/changes.ts": later("../dist/changes.js", ["describeChanges"]),
  "/cli/src/explain.ts": later("../dist/explain.js", ["explainRun"]),
  "/cli/src/trace.ts": later("../dist/trace.js", ["openTrace"]),
  "system-error": later("@wasi-kit/compiler/system-error", ["describeSystemError"]),
  leven: 'export default (...args) => module.require("leven").default(...args);',
  manifest: later("@wasi-kit/manifest/dist/manifest.cjs", ["readExample", "resolveBuild", "resolveRun"]),
};

/** What bin/wasi-kit.cjs starts there in the first place: modules that the bundle imports and a run never gets to. */
const neverHere = {
  "../dev/dev.ts": "../dist/dev.js",
  "../run-all.ts": "../dist/run-all.js",
  "./help.ts": "../dist/help.js",
};

const elsewhere = {
  name: "elsewhere",
  resolveId(id) {
    if (id === "@wasi-kit/manifest") return "manifest";
    if (id === "leven") return id;
    if (id === "@wasi-kit/compiler/system-error") return "system-error";
    return Object.hasOwn(neverHere, id) ? { id: neverHere[id], external: true } : undefined;
  },
  load: (id) => Object.entries(rarelyNeeded).find(([path]) => id.endsWith(path))?.[1],
};

export default {
  input: "src/run.ts",
  platform: "node",
  resolve: {
    alias: {
      "@wasi-kit/runner": sourceOf("../runner/src/index.ts"),
      "@wasi-kit/wasi/abi": sourceOf("../wasi/src/abi/index.ts"),
      "@wasi-kit/wasi/node": sourceOf("../wasi/src/node/index.ts"),
      "@wasi-kit/wasi": sourceOf("../wasi/src/index.ts"),
    },
  },
  external: /^@wasi-kit\/compiler(\/|$)/,
  plugins: [elsewhere],
  output: {
    file: "bundle/run.cjs",
    format: "cjs",
    codeSplitting: false,
    // Half the size is parsed in half the time. The trace of a defect has places in this file, and no names: to build
    // the same version again gives the same file.
    minify: true,
    comments: false,
  },
};
