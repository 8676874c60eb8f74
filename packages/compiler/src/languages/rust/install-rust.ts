import { outputOf } from "../../system/output-of.ts";
import { debianCommand, debianPackages, isDebian, runInstaller } from "../../toolchain/installers.ts";
import type { Install } from "../../toolchain/installers.ts";
import { targets } from "./toolchain.ts";

/** What Debian calls its Rust, the target's standard library and the linker that it needs. */
const packages = ["rustc", "cargo", "libstd-rust-dev-wasm32", "lld"];

const why = "Rust can't build for WASI yet";

const addTarget: Install = async ({ dir, log }) => {
  if (!(await hasRustup(dir))) return "rustup is not on PATH.";
  const target = await targetName(dir);
  log(`${why}: adding its target with \`rustup target add ${target}\`, about 25 MB, once.`);
  return runInstaller("rustup", ["target", "add", target], dir);
};

/** The ways to install Rust's target for WASI, in the order in which they are tried. */
export const installers: readonly Install[] = [addTarget, debianPackages({ why, packages, megabytes: 115 })];

/** The command that installs Rust's target for WASI on this machine. */
export async function rustInstallCommand(dir: string): Promise<string> {
  if (await hasRustup(dir)) return `rustup target add ${await targetName(dir)}`;
  if (isDebian()) return debianCommand(packages);
  return "install rustup (https://rustup.rs), then type: rustup target add wasm32-wasip1";
}

const hasRustup = async (dir: string): Promise<boolean> => (await outputOf("rustup", ["--version"], dir)) !== undefined;

async function targetName(dir: string): Promise<string> {
  const known = await outputOf("rustc", ["--print", "target-list"], dir);
  return targets.find((target) => known?.split("\n").includes(target)) ?? targets[0];
}
