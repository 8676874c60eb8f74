import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { x } from "tinyexec";
import { root } from "../root.ts";

/** A registry on loopback that has our packages, and gets all others from the one that npm is set up for here. */
export interface Registry {
  /** Its address. */
  url: string;
  /** Ends it. */
  stop(): Promise<void>;
}

/**
 * Starts a registry that is empty, and keeps what it has in a folder.
 *
 * @param port - 0 for one that is free
 */
export async function startRegistry(folder: string, port = 0): Promise<Registry> {
  const { registry: upstream, cafile, "https-proxy": proxy } = await npmConfig();
  const anybody = { access: "$all", publish: "$all" };
  const config = {
    storage: join(folder, "packages"),
    uplinks: {
      upstream: {
        url: upstream,
        maxage: "1h",
        timeout: "60s",
        max_fails: 10,
        ...(proxy ? { https_proxy: proxy } : {}),
      },
    },
    // What is ours comes from nowhere else.
    packages: {
      "wasi-kit": anybody,
      "create-wasi-kit": anybody,
      "@wasi-kit/*": anybody,
      "**": { ...anybody, proxy: "upstream" },
    },
    middlewares: {},
    max_body_size: "10mb",
    log: { type: "file", path: join(folder, "log"), level: "warn" },
  };
  const path = join(folder, "config.yaml");
  writeFileSync(path, JSON.stringify(config)); // which is YAML as well
  const child = fork(join(root, "tools/release/registry-process.js"), [path, String(port)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    // Node.js trusts its own list, and not npm's.
    env: { ...process.env, ...(cafile ? { NODE_EXTRA_CA_CERTS: cafile } : {}) },
    execArgv: [],
  });
  const listensAt = await Promise.race([
    once(child, "message").then(([message]) => message as number),
    once(child, "exit").then(([code]) => {
      throw new Error(`The registry ended with ${code} before it began: see above.`);
    }),
  ]);
  const ended = once(child, "exit");
  return {
    url: `http://127.0.0.1:${listensAt}/`,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** npm's settings for it. A registry accepts no package without a token; this one accepts any token. */
export const anybodysSettings = ({ url }: Registry): string =>
  `registry=${url}\n//${new URL(url).host}/:_authToken=anybody\naudit=false\nfund=false\nupdate-notifier=false\n`;

interface NpmConfig {
  registry: string;
  cafile: string | null;
  "https-proxy": string | null;
}

async function npmConfig(): Promise<NpmConfig> {
  const { stdout } = await x("npm", ["config", "list", "--json"], { nodeOptions: { cwd: root } });
  return JSON.parse(stdout) as NpmConfig;
}
