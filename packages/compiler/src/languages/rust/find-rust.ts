import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { contentOf, hashOf } from "../../record/inputs.ts";
import { findCommand } from "../../system/find-command.ts";
import { foldersUpFrom } from "../../system/folders-up.ts";
import { inHome } from "../../system/in-home.ts";
import { outputOf } from "../../system/output-of.ts";
import { rememberToolchain, statOf } from "../../toolchain/cache.ts";
import { cargoVariables } from "./cargo-variables.ts";
import { targets, usualCommands } from "./toolchain.ts";
import type { InstalledRust, RustCommands, RustToolchain } from "./toolchain.ts";

/** Every Rust compiler on this machine, in the order in which the commands are tried. */
export async function findRust(
  dir: string,
  commands: readonly RustCommands[] = usualCommands,
): Promise<InstalledRust[]> {
  const found = await Promise.all(commands.map((pair) => probe(pair, dir)));
  return found.filter((it) => it !== undefined);
}

const isUsable = (it: InstalledRust): it is RustToolchain => it.target !== undefined;

/** The first toolchain that can build for WASI; undefined if there is none. Installs nothing. */
export async function findWasiRust(
  dir: string,
  commands: readonly RustCommands[] = usualCommands,
): Promise<RustToolchain | undefined> {
  const remembered = await rememberToolchain("rust", whatDecides(dir, commands), async () => {
    const toolchain = (await findRust(dir, commands)).find(isUsable);
    return toolchain && { toolchain, files: [commandOf(toolchain.sysroot, "rustc"), librariesOf(toolchain)] };
  });
  return remembered?.toolchain;
}

/** The commands, rustup's settings, and a rust-toolchain.toml that says which Rust a crate is built with. */
function whatDecides(dir: string, commands: readonly RustCommands[]): unknown {
  const rustup = env["RUSTUP_HOME"] ?? inHome(".rustup");
  const pinned = foldersUpFrom(dir).flatMap((it) => [join(it, "rust-toolchain.toml"), join(it, "rust-toolchain")]);
  const paths = commands.flatMap(({ cargo, rustc }) => [cargo, rustc].map((command) => findCommand(command, dir)));
  return [
    cargoVariables(),
    paths.map((path) => [path, path && statOf(path)]),
    [...(rustup ? [join(rustup, "settings.toml")] : []), ...pinned].map((path) => [path, hashOf(contentOf(path))]),
  ];
}

const commandOf = (sysroot: string, name: "cargo" | "rustc"): string =>
  join(sysroot, "bin", process.platform === "win32" ? `${name}.exe` : name);

const librariesOf = ({ sysroot, target }: RustToolchain): string => join(sysroot, "lib/rustlib", target, "lib");

async function probe(commands: RustCommands, dir: string): Promise<InstalledRust | undefined> {
  const ask = (command: string, ...args: string[]): Promise<string | undefined> => outputOf(command, args, dir);
  const [version, sysroot, cargo] = await Promise.all([
    ask(commands.rustc, "--version"),
    ask(commands.rustc, "--print", "sysroot"),
    ask(commands.cargo, "--version"),
  ]);
  if (!version || !sysroot || !cargo) return undefined;
  // The toolchain's own, where it has them: a proxy of rustup's takes 5 ms more at each call.
  const own = (name: "cargo" | "rustc"): string => {
    const path = commandOf(sysroot, name);
    return existsSync(path) ? path : commands[name];
  };
  return {
    cargo: own("cargo"),
    rustc: own("rustc"),
    version,
    sysroot,
    target: targets.find((target) => hasStandardLibrary(sysroot, target)),
  };
}

// A target that rustc knows is no use without its standard library.
function hasStandardLibrary(sysroot: string, target: string): boolean {
  const dir = join(sysroot, "lib/rustlib", target, "lib");
  return existsSync(dir) && readdirSync(dir).some((file) => /^libstd-.*\.rlib$/.test(file));
}
