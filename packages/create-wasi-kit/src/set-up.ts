import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { x } from "tinyexec";
import { runInForeground } from "./child-process.ts";
import { CreateError } from "./error.ts";
import { shown } from "./place.ts";
import { packageManagers } from "./package-manager.ts";
import type { PackageManager } from "./package-manager.ts";

/** The exit code of a shell for a program that is not there. */
const notFound = 127;

/**
 * Installs what a project needs.
 *
 * @throws CreateError `E_INSTALL` where that fails; the project stays
 */
export async function install(dir: string, packageManager: PackageManager): Promise<void> {
  const { install: line } = packageManagers[packageManager];
  const [command = "", ...args] = line.split(" ");
  const failed = (what: string): CreateError =>
    new CreateError(
      "E_INSTALL",
      `${what}\nThe project is complete but for that. When it is mended (is there a network?), type in ${shown(dir)}: ${line}`,
    );
  const exitCode = await runInForeground(command, args, dir).catch((cause: NodeJS.ErrnoException) => {
    throw failed(`${line} can't be started (${cause.code}).`);
  });
  if (exitCode === notFound) throw failed(`There is no ${command} on this machine.`);
  if (exitCode !== 0) throw failed(`${line} failed, and says why above.`);
}

/** What `wasi-kit doctor` says of a project that is installed, where a compiler is missing. */
export async function missingCompiler(dir: string): Promise<string | undefined> {
  const { exitCode, stdout } = await x(join(dir, "node_modules/.bin/wasi-kit"), ["doctor"], {
    nodeOptions: { cwd: dir },
  });
  return exitCode === 0 ? undefined : stdout.trimEnd();
}

/** Begins a git repository, unless the folder is in one; returns whether it did. */
export function initGit(dir: string): boolean {
  const git = (...args: string[]): boolean => spawnSync("git", args, { cwd: dir, stdio: "ignore" }).status === 0;
  return !git("rev-parse", "--is-inside-work-tree") && git("init");
}
