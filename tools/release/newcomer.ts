import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { x } from "tinyexec";
import { environmentWithout } from "../environment.ts";
import { anybodysSettings } from "./registry.ts";
import type { Registry } from "./registry.ts";

/** Runs commands as a newcomer types them. */
export interface Shell {
  /** Runs a line to its end, and fails if that is not 0; no quotes. */
  run(cwd: string, line: string, env?: NodeJS.ProcessEnv): Promise<void>;
  /** The environment. */
  env: NodeJS.ProcessEnv;
}

/** A command that takes longer hangs; in milliseconds. */
const timeoutMs = 600_000;

/** Package managers, and a compiler that stands for an editor's. */
const commands = ["pnpm@12", "yarn@1.22.22", "typescript@7.0.2"];

/**
 * A newcomer's command line: nothing of this workspace, of pnpm's variables or of the user's settings is in its
 * environment, and the package managers come from the registry.
 *
 * @param compilers - folders of compilers that are not on PATH here: wasi-kit has installed them for its user
 */
export async function newcomer(home: string, registry: Registry, compilers: readonly string[]): Promise<Shell> {
  writeFileSync(join(home, ".npmrc"), anybodysSettings(registry));
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((it) => !it.includes("node_modules"));
  const managers = join(home, "managers");
  const base = {
    ...environmentWithout(/^(npm_|pnpm_|yarn_|NODE_(?!EXTRA_CA_CERTS$)|INIT_CWD|WASI_KIT|TURBO|VITEST|CI$)/i),
    PATH: [join(managers, "node_modules/.bin"), ...path, ...compilers].join(delimiter),
    npm_config_userconfig: join(home, ".npmrc"),
    npm_config_cache: join(home, "npm-cache"),
    XDG_DATA_HOME: join(home, "data"),
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_STATE_HOME: join(home, "state"),
    YARN_REGISTRY: registry.url,
    YARN_CACHE_FOLDER: join(home, "yarn-cache"),
    PNPM_HOME: join(home, "pnpm"),
    // The pnpm of these trials is the one that projects pin; to look for it again takes what not every registry has.
    pnpm_config_pm_on_fail: "ignore",
  };
  const run: Shell["run"] = async (cwd, line, env) => {
    const [command = "", ...args] = line.split(" ");
    const { exitCode, stdout, stderr } = await x(command, args, {
      timeout: timeoutMs,
      nodeOptions: { cwd, env: { ...base, ...env }, stdio: ["ignore", "pipe", "pipe"] },
    });
    if (exitCode !== 0) throw new Error(`${line}\nin ${cwd} ended with ${exitCode}:\n${stdout}${stderr}`);
  };
  mkdirSync(managers);
  await run(managers, `npm install --no-save ${commands.join(" ")}`);
  return { run, env: base };
}
