import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import process from "node:process";
import { globSync } from "tinyglobby";
import { x } from "tinyexec";
import { root } from "../root.ts";

/** The URL that documents have. */
const documented = "http://localhost:8080";
const folder = join(root, "examples/server");
let running: Promise<{ readonly url: string; readonly process: ChildProcess }> | undefined;

/**
 * What curl prints of examples/server, which has the examples in WAT and is started with the first call.
 *
 * @param args - what is typed after `curl -s`, in the folder of the server
 */
export async function curl(args: string): Promise<string> {
  running ??= start();
  const { url } = await running;
  const line = `curl -s ${args}`;
  const { stdout, stderr } = await x("bash", ["-c", line.replaceAll(documented, url)], {
    nodeOptions: { cwd: folder },
  });
  return `${stdout}${stderr}`.replaceAll(url, documented);
}

/** Ends the server, if it was started. */
export async function stopServer(): Promise<void> {
  const server = await running;
  running = undefined;
  server?.process.kill();
}

async function start(): Promise<{ url: string; process: ChildProcess }> {
  await x("node_modules/.bin/tsc", [], { nodeOptions: { cwd: folder }, throwOnError: true });
  const modules = globSync("../wat/*/build/*.wasm", { cwd: folder });
  const server = spawn(process.execPath, ["build/main.js", ...modules.toSorted()], {
    cwd: folder,
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  return { url: line.split(" ")[0] ?? "", process: server };
}
