// All that the command line does but to run one guest: modules, loaded as they are needed.
import { isDependency, modules } from "../../tools/library.js";

// What `wasi-kit run` takes and says is in the bundle: see bundle.config.js.
const inTheBundle = {
  name: "in-the-bundle",
  resolveId: (id) => (id === "./commands/run.ts" ? { id: "../bundle/run.cjs", external: true } : undefined),
};

export default {
  // The bundle comes back to all but the first.
  input: Object.fromEntries(["main", "run-all", "trace", "explain", "help"].map((name) => [name, `src/${name}.ts`])),
  platform: "node",
  external: isDependency,
  plugins: [inTheBundle],
  // Nobody imports it, and with maps it would be larger than it may be: functions have their names in a trace.
  output: { ...modules, sourcemap: false, comments: false, cleanDir: true },
};
