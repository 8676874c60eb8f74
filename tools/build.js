// `pnpm build`, and the first step of `pnpm start` and `pnpm test`.
//
// Compiles the packages and builds the examples through turbo, after telling it
// in WASI_KIT_RUST which Rust will be used: turbo can't find out by itself, and
// a module that another compiler made is stale. Plain JavaScript, since it runs
// before anything is compiled.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const launcher = require.resolve("turbo/bin/turbo");
const compiler = new URL("../packages/compiler/dist/index.js", import.meta.url);
const tasks = process.argv.slice(2);
const languages = ["assemblyscript", "rust", "wat"];

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
process.env["TURBO_TELEMETRY_DISABLED"] = "1";
process.env["TURBO_NO_UPDATE_NOTIFIER"] = "1";

if (tasks.length === 0) {
  if (!existsSync(compiler)) {
    const { status } = spawnSync(process.execPath, [launcher, "run", "dist"], { stdio: "inherit" });
    if (status !== 0) process.exit(status ?? 1);
  }
  process.env["WASI_KIT_RUST"] ??= await rustVersion();
  tasks.push("dist", "bundle", ...languages.map((language) => `build:${language}`));
}

// The launcher in this process: starting Node once more takes longer than turbo itself.
process.argv.splice(2, Infinity, "run", ...tasks);
require(launcher);

async function rustVersion() {
  const { provideRust } = await import(compiler.href);
  try {
    const { version, target } = await provideRust({
      dir: process.cwd(),
      log: (line) => console.error(`wasi-kit: ${line}`),
    });
    return `${version} ${target}`;
  } catch {
    return "none"; // the builds that need Rust say why, and what to do
  }
}
