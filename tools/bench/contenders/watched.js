// Runs a module and prints how long it took, in milliseconds, with a build of the runner: watched.js RUNNER MODULE
import { pathToFileURL } from "node:url";

const [runner, module] = process.argv.slice(2);
const { runSync } = await import(pathToFileURL(runner).href);
const { durationMs } = runSync(module, { stdout() {} });
process.stdout.write(String(durationMs));
