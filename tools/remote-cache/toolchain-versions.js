// Which compilers the examples were built with that are in the cache.
//
// A compiler is part of what turbo knows a build by. A machine without it can't say which that is, so whoever has built
// puts it into the cache as well, under what does not depend on it: the tasks toolchain:LANGUAGE of turbo.json.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { variableOf } from "../available-languages.js";
import { quietTurbo } from "../turbo.js";

const folder = "build/toolchains";
const taskOf = (name) => `toolchain:${name}`;

/** Those of languages whose compiler npm does not install. */
function withTask(names) {
  const { tasks } = JSON.parse(readFileSync("turbo.json", "utf8"));
  return names.filter((name) => `//#${taskOf(name)}` in tasks);
}

/**
 * The compilers that built what the cache has of the examples as they are here; those are left out that it does not have.
 *
 * @param {readonly string[]} names - languages whose compilers are not here
 * @returns {Record<string, string>} by language
 */
export function cachedToolchains(names) {
  const asked = withTask(names);
  for (const name of asked) rmSync(`${folder}/${name}`, { force: true });
  // What is not in the cache fails, and the others are restored.
  quietTurbo("run", ...asked.map(taskOf), "--continue");
  const versions = asked
    .filter((name) => existsSync(`${folder}/${name}`))
    .map((name) => [name, readFileSync(`${folder}/${name}`, "utf8").trim()]);
  const built = namesBuiltWith(versions);
  return Object.fromEntries(versions.filter(([name]) => built.includes(name)));
}

/** Puts into the cache, after a build of languages, with which compilers it was made. */
export function rememberToolchains(names) {
  quietTurbo("run", ...withTask(names).map(taskOf), "--continue");
}

function namesBuiltWith(versions) {
  if (versions.length === 0) return [];
  for (const [name, version] of versions) process.env[variableOf(name)] = version;
  try {
    const plan = JSON.parse(quietTurbo("run", ...versions.map(([name]) => `build:${name}`), "--dry=json") ?? "{}");
    const hits = new Set((plan.tasks ?? []).filter(({ cache }) => cache.status === "HIT").map(({ taskId }) => taskId));
    return versions.map(([name]) => name).filter((name) => hits.has(`//#build:${name}`));
  } finally {
    for (const [name] of versions) delete process.env[variableOf(name)];
  }
}

// The tasks themselves: without a cached answer only whoever has built can give one.
const [, file = "", name] = process.argv;
if (file.endsWith("toolchain-versions.js") && name !== undefined) {
  const version = process.env[variableOf(name)];
  if (!version || version === "none") process.exit(1);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}`, `${version}\n`);
}
