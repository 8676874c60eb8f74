import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { x } from "tinyexec";
import { globSync } from "tinyglobby";
import { root } from "../root.ts";
import { environmentWithout } from "../environment.ts";

/** A clone of this repository with its packages installed, in which nothing has been built. */
export interface Clone {
  dir: string;
  /** Runs a program of Node.js in it. Gives its exit code, and all that it wrote. */
  node(args: readonly string[], variables?: NodeJS.ProcessEnv): Promise<Ended>;
  /** `pnpm build`, or the tasks of it that are named. */
  build(variables: NodeJS.ProcessEnv, ...tasks: string[]): Promise<Built>;
  /** Removes the modules of a language. */
  removeModules(language: string): void;
}

export interface Ended {
  exitCode: number | undefined;
  output: string;
}

/** The result of a build, from turbo's summary of each task. */
export interface Built extends Ended {
  tasks: Record<string, "executed" | "LOCAL" | "REMOTE">;
  /** How many examples have a module. */
  modules: number;
}

/** Makes a clone of the repository as it is now, with changes that are not committed. Nothing is downloaded. */
export async function makeClone(dir: string): Promise<Clone> {
  const listed = await run(root, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard");
  for (const path of listed.split("\0")) {
    if (path !== "" && existsSync(join(root, path))) cpSync(join(root, path), join(dir, path));
  }
  await run(dir, "git", "init", "--quiet");
  await run(dir, "git", "add", "--all");
  await run(dir, "pnpm", "install", "--offline", "--frozen-lockfile");

  const node: Clone["node"] = async (args, variables = {}) => {
    const env = { ...environment(), ...variables };
    const { exitCode, stdout, stderr } = await x(process.execPath, [...args], { nodeOptions: { cwd: dir, env } });
    return { exitCode, output: stdout + stderr };
  };
  return {
    dir,
    node,
    async build(variables, ...tasks) {
      const own = { TURBO_CACHE_DIR: join(dir, ".turbo/cache"), TURBO_RUN_SUMMARY: "true" };
      const ended = await node(["tools/build.js", ...tasks], { ...own, ...variables });
      return { ...ended, tasks: lastSummary(dir), modules: listModules(dir).length };
    },
    removeModules(language) {
      for (const path of listModules(dir, language)) rmSync(path);
    },
  };
}

async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const { stdout } = await x(command, args, { throwOnError: true, nodeOptions: { cwd, env: environment() } });
  return stdout;
}

/** What a newcomer's shell has: nothing that a run of these tests or of turbo set. */
const environment = (): NodeJS.ProcessEnv =>
  environmentWithout(/^(npm_|pnpm_|INIT_CWD$|WASI_KIT|TURBO|VITEST|NODE_ENV$|CI$)/i);

/** Where a distribution puts compilers: its clang and its Rust are found there, whatever is done. */
const distributions = new Set(["/usr/bin", "/bin"]);

/**
 * Variables with which no Rust, Go or Zig is found, unless it is where a distribution puts it. Nothing is installed
 * either.
 *
 * @param home - an empty folder: wasi-kit keeps what it has installed, and found, in the user's
 */
export const withoutCompilers = (home: string): NodeJS.ProcessEnv => ({
  PATH: (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter(
      (folder) =>
        distributions.has(folder) ||
        !["rustc", "cargo", "rustup", "go", "zig", "python-zig"].some((name) => existsSync(join(folder, name))),
    )
    .join(delimiter),
  XDG_CACHE_HOME: home,
  WASI_KIT_NO_INSTALL: "1",
});

interface Summary {
  execution: { startTime: number };
  tasks: { taskId: string; cache: { status: "HIT" | "MISS"; source?: "LOCAL" | "REMOTE" } }[];
}

/** What turbo wrote of its last run that built examples. */
function lastSummary(dir: string): Built["tasks"] {
  const folder = join(dir, ".turbo/runs");
  const summaries = readdirSync(folder)
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Summary)
    .filter(({ tasks }) => tasks.some(({ taskId }) => taskId.startsWith("//#build:")))
    .toSorted((a, b) => a.execution.startTime - b.execution.startTime);
  const tasks = summaries.at(-1)?.tasks ?? [];
  return Object.fromEntries(
    tasks.map(({ taskId, cache }) => [taskId, cache.status === "HIT" ? (cache.source ?? "LOCAL") : "executed"]),
  );
}

/** The modules of examples that were built. */
const listModules = (dir: string, language = "*"): string[] =>
  globSync(`examples/${language}/*/build/*.wasm`, { cwd: dir, absolute: true });
