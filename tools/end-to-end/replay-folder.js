// Replays the recordings of a folder, with whatever version of Node.js this is, and prints what came out.
import { join } from "node:path";
import { replay } from "../../packages/runner/dist/index.js";

const [, , folder = ".", count = "0"] = process.argv;
const results = [];
for (let i = 0; i < Number(count); i++) {
  const { outcome, stdout, stderr, stats } = await replay(join(folder, `${i}.recording`));
  results.push({ outcome, stdout, stderr, calls: stats?.calls });
}
console.log(JSON.stringify(results));
