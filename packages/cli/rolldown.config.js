// All that the command line does but to run one guest: modules, loaded as they are needed.
import { isDependency, modules } from "../../tools/library.js";

// After a run, this part of the runner is all that it takes to explain how it ended.
const explains = (id, importer) => id === "@wasi-kit/runner" && importer?.endsWith("/src/explain.ts");

const elsewhere = {
  name: "elsewhere",
  resolveId(id, importer) {
    // What `wasi-kit run` takes and says is in the bundle: see bundle.config.js.
    if (id === "./commands/run.ts") return { id: "../bundle/run.cjs", external: true };
    return explains(id, importer) ? { id: `${id}/internal/explain`, external: true } : undefined;
  },
};

export default {
  // The bundle comes back to all but the first.
  input: Object.fromEntries(
    ["main", "build", "dev/dev", "run-all", "trace", "explain", "changes", "help"].map((path) => [
      path.split("/").at(-1),
      `src/${path}.ts`,
    ]),
  ),
  platform: "node",
  external: (id, importer) => isDependency(id) && !explains(id, importer),
  plugins: [elsewhere],
  // Nobody imports it, and with maps it would be larger than it may be: functions have their names in a trace.
  output: { ...modules, sourcemap: false, comments: false, cleanDir: true },
};
