import { createRequire } from "node:module";
import { relative, resolve } from "node:path";
import { help, parseCommandLine } from "./command-line.ts";
import type { CreateArgs } from "./command-line.ts";
import { copyExample } from "./copy.ts";
import { CreateError } from "./error.ts";
import { detectPackageManager, packageManagers } from "./package-manager.ts";
import type { PackageManager } from "./package-manager.ts";
import { checkName } from "./package-name.ts";
import { checkTarget, shown } from "./place.ts";
import { askFor, assume } from "./plan.ts";
import { initGit, install, missingCompiler } from "./set-up.ts";
import { findTemplate } from "./templates.ts";

/**
 * The command line.
 *
 * @param argv - what follows the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  // A listener is called between two steps and never within one, so that there is no half of a project.
  for (const [signal, exitCode] of signals) process.on(signal, () => process.exit(exitCode));
  try {
    const request = parseCommandLine(argv);
    if (request.help) console.log(help());
    else if (request.version) console.log(version());
    else await create(request);
    return 0;
  } catch (error) {
    if (!(error instanceof CreateError)) throw error;
    console.error(`create-wasi-kit: ${error.message}`);
    return error.exitCode;
  }
}

/** What ends it from outside, with the exit code that a shell has for it. */
const signals = [
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;

async function create(request: CreateArgs): Promise<void> {
  // What was given is checked before anything is asked.
  if (request.dir !== undefined) checkTarget(resolve(request.dir), request.force);
  if (request.name !== undefined) checkName(request.name);
  if (request.example !== undefined) findTemplate(request.example);
  const packageManager = request.packageManager ?? detectPackageManager();

  const isAsked = !request.yes && process.stdin.isTTY && process.stdout.isTTY;
  const plan = isAsked ? await askFor(request, packageManager) : assume(request);

  const { dir, name } = copyExample({ ...plan, packageManager, force: request.force });
  console.log(`Created ${shown(dir)}: the package ${name}, from the example ${plan.example}.`);
  if (plan.git && initGit(dir)) console.log("Began a git repository there.");
  if (plan.install) {
    console.log(`Installing what it needs: ${packageManagers[packageManager].install}`);
    await install(dir, packageManager);
    const missing = await missingCompiler(dir);
    if (missing !== undefined) console.log(`\nA compiler is missing:\n${missing}`);
  }
  console.log(`\nNext:\n${next(dir, packageManager, plan.install)}`);
}

/** What to type next. */
function next(dir: string, packageManager: PackageManager, isInstalled: boolean): string {
  const { install: installs, start, test } = packageManagers[packageManager];
  const path = relative(process.cwd(), dir);
  const lines = [
    ...(path === "" ? [] : [[`cd ${/^[\w./@-]+$/.test(path) ? path : JSON.stringify(path)}`, ""]]),
    ...(isInstalled ? [] : [[installs, ""]]),
    [start, "build it, and show what it does"],
    [test, "build it, and compare its runs with their snapshots"],
  ];
  return lines.map(([line = "", what]) => `  ${what ? `${line.padEnd(12)}# ${what}` : line}`).join("\n");
}

const version = (): string => (createRequire(import.meta.url)("../package.json") as { version: string }).version;
