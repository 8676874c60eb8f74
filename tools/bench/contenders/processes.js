// Runs a module again and again, each time in a Node.js process of its own, as the article does, and as many at
// a time as there are cores: processes.js MODULE COUNT.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { repeat } from "./repeat.js";

const [path, count] = process.argv.slice(2);
const script = fileURLToPath(new URL("article.cjs", import.meta.url));

await repeat(
  count,
  async () => {
    const child = spawn(process.execPath, ["--no-warnings", script, path], { stdio: "ignore" });
    await once(child, "close");
  },
  { parallel: availableParallelism() },
);
