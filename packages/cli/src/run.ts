// `wasi-kit run` alone, for the bundle that starts fast: see bin/wasi-kit.cjs.
import { command } from "./commands/run.ts";
import { execute, report } from "./execute.ts";

void report(() => execute("run", command, process.argv.slice(3))).then((exitCode) => {
  process.exitCode = exitCode;
});
