/**
 * Publishes what is packed to a registry on loopback, and does outside this repository what a newcomer does: see `help`.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { languages } from "@wasi-kit/compiler";
import { compilerFolders } from "../compilers.ts";
import { root } from "../root.ts";
import { checkTarball } from "./check-tarball.ts";
import { editors } from "./editors.ts";
import { newcomer } from "./newcomer.ts";
import type { Shell } from "./newcomer.ts";
import { leadsOutside } from "./outside.ts";
import { packAll, publishedPackages } from "./packages.ts";
import { checkOwnName, debug, develop, runWorkflow, useOurVite } from "./project-checks.ts";
import { startRegistry } from "./registry.ts";
import { trials } from "./trials.ts";
import type { Trial } from "./trials.ts";

const help = `pnpm release:check [--only NAME]… [--tarballs FOLDER] [--keep]

Packs the packages, publishes them to a registry of its own on loopback, and then, in a folder outside the repository
and with nothing but what was published: creates projects in each language and with each package manager, and adds to
projects that are there already; installs, builds, runs, checks, debugs, tests and develops them. Then it does the tests
again with the registry stopped. Other packages come from the registry that npm is set up for.

  --only NAME        this one alone: ${trials.map(({ name }) => name).join(", ")}
  --tarballs FOLDER  publish the tarballs in FOLDER, instead of packing
  --keep             leave the folder with the projects, and say where it is

Exit codes: 0 all is well; 1 something failed; 2 the command line can't be understood.
`;

const began = performance.now();
process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const options = readOptions(argv);
  if (typeof options === "number") return options;
  const { chosen, tarballs, keep } = options;
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-release-"));
  try {
    const possible = await withCompiler(chosen);
    await check(folder, possible, tarballs);
    say(`all is well: ${possible.map(({ name }) => name).join(", ")}`);
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
    const chosen = trials.filter(({ name }) => values.only?.includes(name) ?? true);
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
    const shell = await newcomer(home, registry, await compilerFolders());
    await Promise.all(
      tarballs.map((name) => shell.run(home, `npm publish --no-provenance ${join(given ?? packed, name)}`)),
    );
    say("published");
    // One after another: `npm create` locks npm's cache, and fails if another one keeps it locked for long.
    for (const trial of chosen) await start(trial, folder, shell);
    await threeAtATime(chosen, (trial) => use(trial, folder, shell));
    await registry.stop();
    await threeAtATime(chosen, async (trial) => {
      await shell.run(projectOf(trial, folder), trial.test, { npm_config_offline: "true" });
      say(`${trial.name}: passes its tests again with no registry`);
    });
  } finally {
    await registry.stop();
  }
}

/** The trials whose compiler is here; the others are named with what it takes. In CI nothing is left out: there it fails. */
async function withCompiler(chosen: readonly Trial[]): Promise<readonly Trial[]> {
  if (process.env["CI"]) return chosen;
  const possible: Trial[] = [];
  for (const trial of chosen) {
    const missing = (await languages[trial.language].tools(root)).find(({ found }) => !found);
    if (missing) say(`left out ${trial.name}: ${missing.name} ${missing.version}; pnpm toolchains installs it`);
    else possible.push(trial);
  }
  return possible;
}

async function start(trial: Trial, folder: string, shell: Shell): Promise<void> {
  const own = folderOf(trial, folder);
  mkdirSync(own);
  for (const [path, text] of Object.entries(trial.before ?? {})) {
    mkdirSync(dirname(join(own, path)), { recursive: true });
    writeFileSync(join(own, path), text);
  }
  await shell.run(own, trial.start);
  if (trial.project !== undefined && trial.scenario !== undefined) {
    checkOwnName(projectOf(trial, folder), trial.project, trial.scenario);
  }
  say(`${trial.name}: started`);
}

async function use(trial: Trial, folder: string, shell: Shell): Promise<void> {
  const project = projectOf(trial, folder);
  useOurVite(project);
  // A cache of its own: yarn 1 reads and writes a shared one at the same time, and takes half a package for a whole one.
  await shell.run(project, trial.install, { YARN_CACHE_FOLDER: join(folderOf(trial, folder), "yarn-cache") });
  const outside = leadsOutside(project, folder);
  if (outside.length > 0) throw new Error(`${project} leads outside:\n${outside.join("\n")}`);
  for (const { manifest } of publishedPackages()) checkVersion(project, manifest.name, manifest.version);
  say(`${trial.name}: installed`);

  for (const line of trial.use) await shell.run(project, line);
  await shell.run(project, trial.test);
  if (trial.project === undefined) await shell.run(project, trial.test, { CI: "1" });
  else {
    await editors[trial.language](project, shell);
    await debug(project, shell);
    await runWorkflow(project, shell);
  }
  say(`${trial.name}: built, run and tested`);
  if (trial.dev !== undefined) {
    await develop(project, trial.dev, shell);
    say(`${trial.name}: built and run again when a source changed`);
  }
}

function checkVersion(project: string, name: string, version: string): void {
  const path = join(project, "node_modules", name, "package.json");
  if (!existsSync(path)) return; // not all of them are at the top
  const installed = (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
  if (installed !== version) throw new Error(`${project} has ${name} ${installed}, and ${version} was published.`);
}

/** Much of the time is waiting: for what is downloaded. After a failure none is begun. */
async function threeAtATime<T>(list: readonly T[], task: (it: T) => Promise<void>): Promise<void> {
  const rest = [...list];
  const lane = async (): Promise<void> => {
    for (let it = rest.shift(); it !== undefined; it = rest.shift()) {
      await task(it).catch((error: unknown) => {
        rest.length = 0;
        throw error;
      });
    }
  };
  await Promise.all([lane(), lane(), lane()]);
}

function folderOf({ name }: Trial, folder: string): string {
  return join(folder, name.replaceAll(/\W+/g, "-"));
}

function projectOf(trial: Trial, folder: string): string {
  return join(folderOf(trial, folder), trial.project ?? "");
}

function say(line: string): void {
  process.stderr.write(`release:check ${((performance.now() - began) / 1000).toFixed(0).padStart(3)} s  ${line}\n`);
}
