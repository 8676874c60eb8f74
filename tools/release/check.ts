/**
 * Publishes what is packed to a registry on loopback, and does outside this repository what a newcomer does: see `help`.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createPackageFromTarballData } from "@arethetypeswrong/core";
import { x } from "tinyexec";
import { leadsOutside } from "./outside.ts";
import { packAll, publishedPackages } from "./packages.ts";
import { startRegistry } from "./registry.ts";
import type { Registry } from "./registry.ts";
import { trials } from "./trials.ts";
import type { Trial } from "./trials.ts";

const help = `pnpm release:check [--only NAME]… [--tarballs FOLDER] [--keep]

Packs the packages, publishes them to a registry of its own on loopback, and then, in a folder outside the repository
and with nothing but what was published: creates a project, installs, builds, runs and tests it. Then it does the tests
again with the registry stopped. Other packages come from the registry that npm is set up for.

  --only NAME        this one alone: ${trials.map(({ name }) => name).join(", ")}
  --tarballs FOLDER  publish the tarballs in FOLDER, instead of packing
  --keep             leave the folder with the projects, and say where it is

Exit codes: 0 all is well; 1 something failed; 2 the command line can't be understood.
`;

/** A command that takes longer hangs; in milliseconds. */
const timeoutMs = 180_000;

const began = performance.now();
process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const options = readOptions(argv);
  if (typeof options === "number") return options;
  const { chosen, tarballs, keep } = options;
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-release-"));
  try {
    await check(folder, chosen, tarballs);
    say(`all is well: ${chosen.map(({ name }) => name).join(", ")}`);
    return 0;
  } catch (error) {
    say(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    if (keep) say(`the projects are in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

function readOptions(argv: string[]): { chosen: readonly Trial[]; tarballs?: string; keep: boolean } | number {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        only: { type: "string", multiple: true },
        tarballs: { type: "string" },
        keep: { type: "boolean", default: false },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      process.stdout.write(help);
      return 0;
    }
    const unknown = values.only?.find((name) => !trials.some((it) => it.name === name));
    if (unknown !== undefined) throw new Error(`There is no ${unknown}.`);
    const chosen = values.only ? trials.filter(({ name }) => values.only?.includes(name)) : trials;
    return { chosen, keep: values.keep, ...(values.tarballs ? { tarballs: resolve(values.tarballs) } : {}) };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
}

async function check(folder: string, chosen: readonly Trial[], given: string | undefined): Promise<void> {
  const [packed, registryFolder, home] = ["packed", "registry", "home"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const it of [packed, registryFolder, home]) mkdirSync(it);
  if (!given) await packAll(packed);
  const tarballs = readdirSync(given ?? packed).filter((name) => name.endsWith(".tgz"));
  if (tarballs.length === 0) throw new Error(`There is no tarball in ${given ?? packed}.`);
  for (const name of tarballs) checkTarball(join(given ?? packed, name));
  say(`packed ${tarballs.length} packages`);

  const registry = await startRegistry(registryFolder);
  try {
    say(`a registry listens at ${registry.url}`);
    const shell = await newcomer(home, registry);
    await Promise.all(
      tarballs.map((name) => shell(home, `npm publish --no-provenance ${join(given ?? packed, name)}`)),
    );
    say("published");
    // One after another: `npm create` locks npm's cache, and fails if another one keeps it locked for long.
    for (const trial of chosen) await create(trial, folder, shell);
    await threeAtATime(chosen, (trial) => use(trial, folder, shell));
    await registry.stop();
    await threeAtATime(chosen, async (trial) => {
      await shell(projectOf(trial, folder), trial.test, { npm_config_offline: "true" });
      say(`${trial.name}: passes its tests again with no registry`);
    });
  } finally {
    await registry.stop();
  }
}

/** Finds at once what would be found slowly by a newcomer. */
function checkTarball(path: string): void {
  const tarball = createPackageFromTarballData(readFileSync(path));
  const manifest = tarball.readFile(`/node_modules/${tarball.packageName}/package.json`);
  const {
    bin = {},
    exports = {},
    dependencies = {},
    peerDependencies = {},
  } = JSON.parse(manifest) as {
    bin?: string | Record<string, string>;
    exports?: Record<string, string | Record<string, string>>;
    dependencies?: Record<string, string>;
    peerDependencies?: Record<string, string>;
  };
  const unknown = Object.entries({ ...dependencies, ...peerDependencies }).filter(([, it]) => /^[a-z]+:/.test(it));
  if (unknown.length > 0) throw new Error(`${path} depends on ${unknown.map((it) => it.join("@")).join(", ")}.`);
  const named = [bin, ...Object.values(exports)].flatMap((it) => (typeof it === "string" ? it : Object.values(it)));
  for (const file of named) {
    if (tarball.fileExists(join(`/node_modules/${tarball.packageName}`, file))) continue;
    throw new Error(`${path} has no ${file}, which its package.json names. Is it missing from \`files\`?`);
  }
}

type Shell = (cwd: string, line: string, env?: NodeJS.ProcessEnv) => Promise<void>;

/**
 * A newcomer's command line: nothing of this workspace, of pnpm's variables or of the user's settings is in its
 * environment, and the package managers come from the registry.
 */
async function newcomer(home: string, registry: Registry): Promise<Shell> {
  const { host } = new URL(registry.url);
  // npm publishes nothing without a token. This registry accepts any.
  writeFileSync(
    join(home, ".npmrc"),
    `registry=${registry.url}\n//${host}/:_authToken=anybody\naudit=false\nfund=false\nupdate-notifier=false\n`,
  );
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|pnpm_|yarn_|NODE_|INIT_CWD|WASI_KIT|TURBO|VITEST|CI$)/i.test(name),
  );
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((it) => !it.includes("node_modules"));
  const managers = join(home, "managers");
  const base = {
    ...Object.fromEntries(inherited),
    PATH: [join(managers, "node_modules/.bin"), ...path].join(delimiter),
    npm_config_userconfig: join(home, ".npmrc"),
    npm_config_cache: join(home, "npm-cache"),
    XDG_DATA_HOME: join(home, "data"),
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_STATE_HOME: join(home, "state"),
    YARN_REGISTRY: registry.url,
    YARN_CACHE_FOLDER: join(home, "yarn-cache"),
    PNPM_HOME: join(home, "pnpm"),
  };
  const shell: Shell = async (cwd, line, env) => {
    const [command = "", ...args] = line.split(" ");
    const { exitCode, stdout, stderr } = await x(command, args, {
      timeout: timeoutMs,
      nodeOptions: { cwd, env: { ...base, ...env }, stdio: ["ignore", "pipe", "pipe"] },
    });
    if (exitCode !== 0) throw new Error(`${line}\nin ${cwd} ended with ${exitCode}:\n${stdout}${stderr}`);
  };
  mkdirSync(managers);
  await shell(managers, "npm install --no-save pnpm@12 yarn@1.22.22");
  return shell;
}

async function create(trial: Trial, folder: string, shell: Shell): Promise<void> {
  const project = projectOf(trial, folder);
  const own = dirname(project);
  mkdirSync(own);
  await shell(own, trial.create);
  const all = readdirSync(project, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
  // What a scenario is made of is as much as it needs; of the rest there is no more than has to be.
  const files = all.filter((it) => !/[\\/](fixtures|__snapshots__)([\\/]|$)/.test(it.parentPath));
  if (files.length > 13)
    throw new Error(`${project} has ${files.length} files besides fixtures and snapshots, and 13 are the most.`);
  for (const { parentPath, name } of all) checkText(join(parentPath, name));
  say(`${trial.name}: created, with ${files.length} files, its fixtures and its snapshots`);
}

async function use(trial: Trial, folder: string, shell: Shell): Promise<void> {
  const project = projectOf(trial, folder);
  await shell(project, trial.install);
  const outside = leadsOutside(project, folder);
  if (outside.length > 0) throw new Error(`${project} leads outside:\n${outside.join("\n")}`);
  for (const { manifest } of publishedPackages()) checkVersion(project, manifest.name, manifest.version);
  say(`${trial.name}: installed`);

  for (const line of trial.use) await shell(project, line);
  await shell(project, trial.test);
  say(`${trial.name}: built, run and tested`);
}

/** A project must not refer to the workspace that its example was in. */
function checkText(path: string): void {
  const found = /workspace:|catalog:|@wasi-kit-examples|\.\.\/\.\.\//.exec(readFileSync(path, "utf8"));
  if (found) throw new Error(`${path} has a trace of the workspace in it: ${found[0]}`);
}

function checkVersion(project: string, name: string, version: string): void {
  const path = join(project, "node_modules", name, "package.json");
  if (!existsSync(path)) return; // not all of them are at the top
  const installed = (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
  if (installed !== version) throw new Error(`${project} has ${name} ${installed}, and ${version} was published.`);
}

/** Much of the time is waiting: for what is downloaded. */
async function threeAtATime<T>(list: readonly T[], task: (it: T) => Promise<void>): Promise<void> {
  const rest = list.values();
  const lane = async (): Promise<void> => {
    for (const it of rest) await task(it);
  };
  await Promise.all([lane(), lane(), lane()]);
}

function projectOf({ name }: Trial, folder: string): string {
  return join(folder, name.replaceAll(/\W+/g, "-"), "project");
}

function say(line: string): void {
  process.stderr.write(`release:check ${((performance.now() - began) / 1000).toFixed(0).padStart(3)} s  ${line}\n`);
}
