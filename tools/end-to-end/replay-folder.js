// Replays the recordings of a folder, with whatever version of Node.js this is, and prints all that came out as JSON.
import { join } from "node:path";
import { replay } from "../../packages/runner/dist/index.js";

const [, , folder = ".", count = "0"] = process.argv;
const results = [];
for (let i = 0; i < Number(count); i++) {
  const { trap, ...result } = await replay(join(folder, `${i}.recording`), { trace: true });
  // The frames of a trap are looked up when they are asked for.
  results.push({ ...result, trap: trap && { message: trap.message, frames: trap.frames } });
}
const asJson = (_, value) => (typeof value === "bigint" || value instanceof Uint8Array ? String(value) : value);
console.log(JSON.stringify(results, asJson));
