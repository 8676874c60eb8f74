import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { outputOf } from "../../system/output-of.ts";
import { rememberRust } from "./toolchain-cache.ts";
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
  return rememberRust(dir, commands, async () => (await findRust(dir, commands)).find(isUsable));
}

async function probe(commands: RustCommands, dir: string): Promise<InstalledRust | undefined> {
  const ask = (command: string, ...args: string[]): Promise<string | undefined> => outputOf(command, args, dir);
  const [version, sysroot, cargo] = await Promise.all([
    ask(commands.rustc, "--version"),
    ask(commands.rustc, "--print", "sysroot"),
    ask(commands.cargo, "--version"),
  ]);
  if (!version || !sysroot || !cargo) return undefined;
  return { ...commands, version, sysroot, target: targets.find((target) => hasStandardLibrary(sysroot, target)) };
}

// A target that rustc knows is no use without its standard library.
function hasStandardLibrary(sysroot: string, target: string): boolean {
  const dir = join(sysroot, "lib/rustlib", target, "lib");
  return existsSync(dir) && readdirSync(dir).some((file) => /^libstd-.*\.rlib$/.test(file));
}
