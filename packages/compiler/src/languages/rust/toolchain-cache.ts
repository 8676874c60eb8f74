import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { env } from "node:process";
import { foldersUpFrom } from "./folders-up.ts";
import { contentOf, hashOf } from "../../record/inputs.ts";
import { replaceFile } from "../../system/replace-file.ts";
import { cargoVariables } from "./cargo-variables.ts";
import type { RustCommands, RustToolchain } from "./toolchain.ts";

/** What was found, and the compiler as it was then. */
interface Remembered {
  toolchain: RustToolchain;
  compiler: string;
}

/**
 * Finds a toolchain, or takes what was found before: to ask takes six processes,
 * and a build that has nothing to do should not start one. It is forgotten if
 * anything that decides on it has changed: the commands, rustup's settings, a
 * rust-toolchain.toml, the compiler itself.
 *
 * @param commands - what is tried, in this order
 */
export async function rememberRust(
  dir: string,
  commands: readonly RustCommands[],
  find: () => Promise<RustToolchain | undefined>,
): Promise<RustToolchain | undefined> {
  const folder = await cacheFolder();
  if (folder === undefined) return find();
  const file = join(folder, "rust", `${hashOf(whatDecides(dir, commands))}.json`);
  const remembered = read(file);
  if (remembered && isThere(remembered)) return remembered.toolchain;
  const toolchain = await find();
  const compiler = toolchain && statOf(compilerOf(toolchain));
  if (toolchain && compiler) {
    keep(file, { toolchain, compiler });
  }
  return toolchain;
}

/** Undefined for a user whom the system does not know, who has no home. */
async function cacheFolder(): Promise<string | undefined> {
  try {
    const { default: envPaths } = await import("env-paths");
    return envPaths("wasi-kit", { suffix: "" }).cache;
  } catch {
    return undefined;
  }
}

function keep(file: string, remembered: Remembered): void {
  try {
    replaceFile(file, JSON.stringify(remembered));
  } catch {
    // A home that is not there, or can't be written: then it is looked for each time.
  }
}

function read(file: string): Remembered | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Remembered;
  } catch {
    return undefined;
  }
}

const isThere = ({ toolchain, compiler }: Remembered): boolean =>
  statOf(compilerOf(toolchain)) === compiler &&
  existsSync(join(toolchain.sysroot, "lib/rustlib", toolchain.target, "lib"));

const compilerOf = ({ sysroot }: RustToolchain): string =>
  join(sysroot, "bin", process.platform === "win32" ? "rustc.exe" : "rustc");

function whatDecides(dir: string, commands: readonly RustCommands[]): string {
  const rustup = env["RUSTUP_HOME"] ?? join(homedir(), ".rustup");
  const pinned = foldersUpFrom(dir).flatMap((it) => [join(it, "rust-toolchain.toml"), join(it, "rust-toolchain")]);
  return JSON.stringify([
    cargoVariables(),
    commands.flatMap(({ cargo, rustc }) => [cargo, rustc].map(describe)),
    [join(rustup, "settings.toml"), ...pinned].map((path) => [path, hashOf(contentOf(path))]),
  ]);
}

/** The path of a command, and the size and time of its file. */
function describe(command: string): string {
  const folders = dirname(command) === "." ? (env["PATH"] ?? "").split(delimiter) : [""];
  const paths = folders.map((folder) => join(folder, command));
  const found = paths.find((path) => statOf(path) ?? statOf(`${path}.exe`));
  return `${found} ${found && (statOf(found) ?? statOf(`${found}.exe`))}`;
}

/** A file's size and time: a compiler is too large to be read for this. Undefined if there is none that this user can see. */
function statOf(path: string): string | undefined {
  try {
    const { size, mtimeMs } = statSync(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return undefined;
  }
}
