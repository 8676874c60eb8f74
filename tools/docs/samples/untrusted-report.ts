import { createPool, replay } from "@wasi-kit/runner";
import { compile } from "./compile.ts";

await using pool = createPool({ size: 1 });
const { outcome, recording } = await pool.run(await compile("greedy.wat"), { args: ["trap"], record: "with-module" });

// Keep it if the program trapped: whoever wrote it can replay it.
if (outcome === "trapped" && recording) {
  const { trap } = await replay(recording);
  console.log(trap?.message, trap?.frames.length);
}
