// `pnpm build`, and the first step of `pnpm start` and `pnpm test`.
//
// Compiles the packages and builds the examples through turbo, after telling it
// in WASI_KIT_RUST which Rust will be used: turbo can't find out by itself, and
// a module that another compiler made is stale. Plain JavaScript, since it runs
// before anything is compiled.
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { cachedRust, rememberRust } from "./remote-cache/rust-version.js";
import { remoteCacheProblem, withoutRemoteCache } from "./remote-cache/reach.js";
import { becomeTurbo, turbo } from "./turbo.js";

const compiler = new URL("../packages/compiler/dist/index.js", import.meta.url);
const tasks = process.argv.slice(2);
const languages = ["assemblyscript", "rust", "wat"];
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
  if (!existsSync(compiler)) orExit(turbo("run", "dist"));
  env.WASI_KIT_RUST ??= await rustVersion();
  const all = ["run", "dist", "bundle", ...languages.map((language) => `build:${language}`)];
  if (hasRemoteCache) {
    orExit(turbo(...all));
    rememberRust();
  } else becomeTurbo(...all);
}

async function rustVersion() {
  const { findWasiRust, ensureRust } = await import(compiler.href);
  const dir = process.cwd();
  try {
    const found = await findWasiRust(dir);
    if (!found) {
      const cached = cachedRust();
      if (cached) say(`there is no Rust here: taking what ${cached} built, from the cache.`);
      if (cached) return cached;
    }
    const { version, target } = found ?? (await ensureRust({ dir, log: say }));
    return `${version} ${target}`;
  } catch {
    return "none"; // the builds that need Rust say why, and what to do
  }
}

function orExit(status) {
  if (status !== 0) process.exit(status);
}
