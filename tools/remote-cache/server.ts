import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "../root.ts";

/** A cache server on loopback. */
export interface CacheServer {
  /** The variables of the environment that have turbo use it. */
  variables: { TURBO_API: string; TURBO_TOKEN: string; TURBO_TEAM: string };
  /** Ends it. */
  stop(): Promise<void>;
}

/** Starts a cache server on a free port; it keeps what it has in a folder. */
export async function startCacheServer(folder: string): Promise<CacheServer> {
  const token = randomBytes(16).toString("hex");
  const settings = {
    NODE_ENV: "production",
    TURBO_TOKEN: token,
    STORAGE_PROVIDER: "local",
    STORAGE_PATH: folder,
    STORAGE_PATH_USE_TMP_FOLDER: "false",
    LOG_LEVEL: "error",
  };
  const child = fork(join(root, "tools/remote-cache/server-process.js"), [], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, ...settings },
    execArgv: [],
  });
  const ended = once(child, "exit");
  const port = await Promise.race([
    once(child, "message").then(([message]) => message as number),
    ended.then(([code]) => {
      throw new Error(`The cache server ended with ${code} before it began: see above.`);
    }),
  ]);
  return {
    variables: { TURBO_API: `http://127.0.0.1:${port}`, TURBO_TOKEN: token, TURBO_TEAM: "ours" },
    async stop() {
      child.kill();
      await ended;
    },
  };
}
