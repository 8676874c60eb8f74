// Runs a module and prints how long it took, in milliseconds: as it is, or, with "unwatched", without the clues that
// every run keeps for an explanation: watched.js MODULE [unwatched]
import { register } from "node:module";

const [module, mode] = process.argv.slice(2);
const noClues = "export const createWitness = () => ({ watch: (_, call) => call, remember() {}, clues() {} });";
const loader = `export async function load(url, context, next) {
  if (!url.endsWith("/runner/dist/clues.js")) return next(url, context);
  return { format: "module", source: ${JSON.stringify(noClues)}, shortCircuit: true };
}`;
if (mode === "unwatched") register(`data:text/javascript,${encodeURIComponent(loader)}`);

const { runSync } = await import("@wasi-kit/runner");
const { durationMs } = runSync(module, { stdout() {} });
process.stdout.write(String(durationMs));
