import { existsSync } from "node:fs";
import { outputOf } from "../../system/output-of.ts";
import { runChild } from "../../system/child-process.ts";
import type { InstallOptions } from "../language.ts";
import { targets } from "./toolchain.ts";

/** What Debian calls its Rust, the target's standard library and the linker that it needs. */
const debianPackages = ["rustc", "cargo", "libstd-rust-dev-wasm32", "lld"];

/** Installs something. Returns why that failed; undefined if it did not, or if this machine has no such installer. */
type Install = (options: InstallOptions) => Promise<string | undefined>;

const addTarget: Install = async ({ dir, log }) => {
  if (!(await hasRustup(dir))) return "rustup is not on PATH.";
  const target = await targetName(dir);
  log(`Rust can't build for WASI yet: adding its target with \`rustup target add ${target}\`, about 25 MB, once.`);
  return runInstaller("rustup", ["target", "add", target], dir);
};

const installDebianPackages: Install = async ({ dir, log }) => {
  if (!isDebian()) return undefined;
  if (!isRoot()) return "Only root can install Debian's packages.";
  log(`Rust can't build for WASI yet: installing Debian's ${debianPackages.join(", ")}, about 115 MB, once.`);
  const install = ["install", "--yes", "--no-install-recommends", ...debianPackages];
  // Package lists are missing in a new container and may be out of date elsewhere.
  if ((await runInstaller("apt-get", install, dir)) === undefined) return undefined;
  return (await runInstaller("apt-get", ["update"], dir)) ?? (await runInstaller("apt-get", install, dir));
};

/** The ways to install Rust's target for WASI, in the order in which they are tried. */
export const installers: readonly Install[] = [addTarget, installDebianPackages];

/** The command that installs Rust's target for WASI on this machine. */
export async function rustInstallCommand(dir: string): Promise<string> {
  if (await hasRustup(dir)) return `rustup target add ${await targetName(dir)}`;
  if (isDebian())
    return `${isRoot() ? "" : "sudo "}apt-get install --no-install-recommends ${debianPackages.join(" ")}`;
  return "install rustup (https://rustup.rs), then type: rustup target add wasm32-wasip1";
}

const isDebian = (): boolean => existsSync("/etc/debian_version");
const isRoot = (): boolean => process.getuid?.() === 0;
const hasRustup = async (dir: string): Promise<boolean> => (await outputOf("rustup", ["--version"], dir)) !== undefined;

async function targetName(dir: string): Promise<string> {
  const known = await outputOf("rustc", ["--print", "target-list"], dir);
  return targets.find((target) => known?.split("\n").includes(target)) ?? targets[0];
}

/** The exit code of a shell for a command that is not there. */
const notFound = 127;

/** Runs an installer, which prints nothing unless it fails. */
async function runInstaller(command: string, args: string[], dir: string): Promise<string | undefined> {
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
