// `pnpm build`, and the first step of `pnpm start` and `pnpm test`.
//
// Compiles the packages and builds the examples through turbo, after telling it
// in WASI_KIT_RUST and others which compilers will be used: turbo can't find out
// by itself, and a module that another compiler made is stale. Plain JavaScript, since it runs
// before anything is compiled.
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { availableLanguages, takenFromCache } from "./available-languages.js";
import { remoteCacheProblem, withoutRemoteCache } from "./remote-cache/reach.js";
import { cachedToolchains, rememberToolchains } from "./remote-cache/toolchain-versions.js";
import { becomeTurbo, turbo } from "./turbo.js";

// Single files of the package: to load all of it takes as long again.
const languagesModule = new URL("../packages/compiler/dist/languages/index.js", import.meta.url);
const tasks = process.argv.slice(2);
const { env } = process;
const say = (line) => console.error(`wasi-kit: ${line}`);

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
env.TURBO_TELEMETRY_DISABLED = "1";
env.TURBO_NO_UPDATE_NOTIFIER = "1";

let hasRemoteCache = Boolean(env.TURBO_API && env.TURBO_TOKEN);
const problem = hasRemoteCache && (await remoteCacheProblem(env));
if (problem) {
  hasRemoteCache = false;
  env.TURBO_CACHE = withoutRemoteCache(env.TURBO_CACHE);
  say(`${problem} Building without it.`);
}

if (tasks.length > 0) becomeTurbo("run", ...tasks);
else {
  if (!existsSync(languagesModule)) orExit(turbo("run", "dist"));
  const { names, variables, messages } = await languagesToBuild();
  const rust = env.WASI_KIT_RUST ?? (await rustVersion());
  Object.assign(env, variables, { WASI_KIT_RUST: rust });
  for (const message of messages) say(message);
  const all = ["run", "dist", "bundle", ...names.map((name) => `build:${name}`)];
  if (hasRemoteCache) {
    orExit(turbo(...all));
    rememberToolchains(names);
  } else becomeTurbo(...all);
}

/** The languages that turbo.json has a task for, as far as they can be built here. */
async function languagesToBuild() {
  const { languages } = await import(languagesModule.href);
  const { tasks: known } = JSON.parse(readFileSync("turbo.json", "utf8"));
  const names = Object.keys(known).flatMap((task) => /^\/\/#build:(\w+)$/.exec(task)?.[1] ?? []);
  // Without a server to ask, there is nothing in the cache that was not built here.
  return availableLanguages(names, languages, Boolean(env.CI), hasRemoteCache ? cachedToolchains : () => ({}));
}

async function rustVersion() {
  const { findWasiRust } = await import(new URL("rust/find-rust.js", languagesModule).href);
  const dir = process.cwd();
  try {
    const found = await findWasiRust(dir);
    if (!found) {
      const { rust } = cachedToolchains(["rust"]);
      if (rust) say(takenFromCache("Rust", rust));
      if (rust) return rust;
    }
    const { version, target } = found ?? (await installRust(dir));
    return `${version} ${target}`;
  } catch {
    return "none"; // the builds that need Rust say why, and what to do
  }
}

async function installRust(dir) {
  const { ensureRust } = await import(new URL("rust/ensure-rust.js", languagesModule).href);
  return ensureRust({ dir, log: say });
}

function orExit(status) {
  if (status !== 0) process.exit(status);
}
