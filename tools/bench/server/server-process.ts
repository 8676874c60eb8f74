import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { x } from "tinyexec";
import { root } from "../../root.ts";

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** What it has now. */
  held(): Held;
  close(): Promise<void>;
}

/** What a process has of its system. */
export interface Held {
  readonly descriptors: number;
  readonly rssMiB: number;
}

const folder = join(root, "examples/server");

/** Starts examples/server, with the modules at some paths. */
export async function startExample(modules: readonly string[]): Promise<ServerProcess> {
  await x("node_modules/.bin/tsc", [], { nodeOptions: { cwd: folder }, throwOnError: true });
  return start([join(folder, "build/main.js"), ...modules]);
}

/**
 * Starts a server that has one module, and no pool.
 *
 * @param how - a command line that runs a module, or `node:wasi`
 */
export const startPlain = (module: string, how: readonly string[]): Promise<ServerProcess> =>
  start(["--no-warnings", join(root, "tools/bench/contenders/server.js"), module, ...how]);

async function start(args: readonly string[]): Promise<ServerProcess> {
  const server = spawn(process.execPath, args, {
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(server, "exit");
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  return {
    url: line.split(" ")[0] ?? "",
    held: () => heldBy(server.pid as number),
    async close() {
      server.kill("SIGTERM");
      await ended;
    },
  };
}

function heldBy(pid: number): Held {
  const [, kibibytes = "0"] = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, rssMiB: Math.round(Number(kibibytes) / 1024) };
}
