import { existsSync } from "node:fs";
import { join } from "node:path";
import type { InstallOptions } from "../languages/language.ts";
import { runChild } from "../system/child-process.ts";
import { findCommand } from "../system/find-command.ts";
import { cacheFolder } from "./cache.ts";

/** Installs something. Returns why that failed; undefined if it did not, or if this machine has no such installer. */
export type Install = (options: InstallOptions) => Promise<string | undefined>;

/** What a package manager is to install. */
interface Packages {
  /** Why, as a line begins: `Rust can't build for WASI yet`. */
  why: string;
  packages: readonly string[];
  /** About how many megabytes it takes. */
  megabytes: number;
}

export const isDebian = (): boolean => existsSync("/etc/debian_version");
const isRoot = (): boolean => process.getuid?.() === 0;

/** The command that installs packages of Debian's. */
export const debianCommand = (packages: readonly string[]): string =>
  `${isRoot() ? "" : "sudo "}apt-get install --no-install-recommends ${packages.join(" ")}`;

/** Installs packages of Debian's. */
export const debianPackages =
  ({ why, packages, megabytes }: Packages): Install =>
  async ({ dir, log }) => {
    if (!isDebian()) return undefined;
    if (!isRoot()) return "Only root can install Debian's packages.";
    log(`${why}: installing Debian's ${packages.join(", ")}, about ${megabytes} MB, once.`);
    const install = ["install", "--yes", "--no-install-recommends", ...packages];
    // Package lists are missing in a new container and may be out of date elsewhere.
    if ((await runInstaller("apt-get", install, dir)) === undefined) return undefined;
    return (await runInstaller("apt-get", ["update"], dir)) ?? (await runInstaller("apt-get", install, dir));
  };

/** Where a package of Python's is, if wasi-kit has installed it. */
export async function pythonFolder(name: string): Promise<string | undefined> {
  const folder = await cacheFolder();
  return folder && join(folder, "python", name);
}

/** What may be called pip: the first Python on PATH may have none. */
const pips = [["python3", "-m", "pip"], ["pip3"], ["pip"]] as const;

/** Installs a package of Python's into a folder of its own, where it is in nobody's way. */
export const pythonPackage =
  (name: string, { why, megabytes }: Omit<Packages, "packages">): Install =>
  async ({ dir, log }) => {
    const folder = await pythonFolder(name);
    const present = pips.filter(([command]) => findCommand(command, dir));
    if (folder === undefined || present.length === 0) return `There is no pip on PATH, which could install ${name}.`;
    log(`${why}: installing Python's ${name}, about ${megabytes} MB, once.`);
    let failure: string | undefined;
    for (const [command, ...args] of present) {
      failure = await runInstaller(
        command,
        [...args, "install", "--quiet", "--upgrade", "--target", folder, name],
        dir,
      );
      if (failure === undefined) break;
    }
    return failure;
  };

/** The exit code of a shell for a command that is not there. */
const notFound = 127;

/** Runs an installer, which prints nothing unless it fails. */
export async function runInstaller(command: string, args: string[], dir: string): Promise<string | undefined> {
  const options = { cwd: dir, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const line = `\`${command} ${args.join(" ")}\``;
  try {
    const { exitCode, stdout, stderr } = await runChild(command, args, options);
    if (exitCode === 0) return undefined;
    if (exitCode === notFound) return `${line} could not be started: there is no ${command} on PATH.`;
    const printed = (stderr || stdout).trim().split("\n").slice(-8).join("\n  ");
    return `${line} failed (exit code ${exitCode}):\n  ${printed}`;
  } catch (error) {
    return `${line} could not be started: ${(error as Error).message}.`;
  }
}
