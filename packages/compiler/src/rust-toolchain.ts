import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "./child-process.ts";
import { BuildError } from "./error.ts";
import { isLocked, locked } from "./lock.ts";
import { rememberRust } from "./rust-cache.ts";

/** A Rust compiler that can build for WASI. */
export interface RustToolchain {
  /** The cargo to call: a name on PATH, or a full path. */
  cargo: string;
  /** The rustc that goes with it. */
  rustc: string;
  /** What `rustc --version` says. */
  version: string;
  /** Where its libraries are. */
  sysroot: string;
  /** What it calls preview 1: the name changed in Rust 1.78, and the old one is gone since 1.84. */
  target: (typeof targets)[number];
}

/** A Rust compiler on this machine, which may lack the target. */
export type FoundRust = Omit<RustToolchain, "target"> & { target: RustToolchain["target"] | undefined };

const targets = ["wasm32-wasip1", "wasm32-wasi"] as const;

/** Two commands that go together. */
export type RustCommands = Pick<RustToolchain, "cargo" | "rustc">;

/** What Debian calls its Rust, the target's standard library and the linker that it needs. */
const debianPackages = ["rustc", "cargo", "libstd-rust-dev-wasm32", "lld"];

/**
 * Where a toolchain may be. The distribution's is called by its full path: a
 * rustup proxy may stand before it on PATH, and one's cargo does not work with
 * the other's rustc.
 */
const usualPlaces: readonly RustCommands[] = [
  { cargo: "cargo", rustc: "rustc" },
  { cargo: "/usr/bin/cargo", rustc: "/usr/bin/rustc" },
];

/** Where to look, and whom to tell. */
export interface ProvideOptions {
  /** The crate's folder: a rust-toolchain.toml there decides which toolchain rustup takes. */
  dir: string;
  /** Told, in a line each, what is being installed and why. */
  log: (line: string) => void;
}

/** Every Rust compiler on this machine, in the order in which they are tried. */
export async function findRust(dir: string, places: readonly RustCommands[] = usualPlaces): Promise<FoundRust[]> {
  const found = await Promise.all(places.map((place) => probe(place, dir)));
  return found.filter((it) => it !== undefined);
}

const isUsable = (it: FoundRust): it is RustToolchain => it.target !== undefined;

/** The first toolchain that can build for WASI; undefined where there is none. Installs nothing. */
export async function findWasiRust(
  dir: string,
  places: readonly RustCommands[] = usualPlaces,
): Promise<RustToolchain | undefined> {
  return rememberRust(dir, places, async () => (await findRust(dir, places)).find(isUsable));
}

/**
 * Finds a toolchain that can build for WASI, or provides one: with rustup, or
 * on Debian as root with the distribution's packages. Nothing is installed
 * without a line to `log`, nothing at all where WASI_KIT_NO_INSTALL=1, and
 * never twice at the same time.
 *
 * @param places - where to look, in this order
 * @throws BuildError `E_TOOLCHAIN`, with the command to type on this machine
 */
export async function provideRust(
  { dir, log }: ProvideOptions,
  places: readonly RustCommands[] = usualPlaces,
): Promise<RustToolchain> {
  const mayInstall = process.env["WASI_KIT_NO_INSTALL"] !== "1";
  const present = await findWasiRust(dir, places);
  // While another process installs, what was found may be there in part only. Asked
  // afterwards: an installer that began during the search is seen as well.
  if (present && !(mayInstall && isLocked("rust"))) return present;
  const failures: string[] = [];
  if (mayInstall) {
    const provided = await locked("rust", log, async () => {
      // Whoever held the lock before may have installed it.
      const meanwhile = await findWasiRust(dir, places);
      if (meanwhile) return meanwhile;
      for (const install of [addTarget, installDebianPackages]) {
        const failure = await install({ dir, log });
        if (failure !== undefined) failures.push(failure);
        const now = failure === undefined ? await findWasiRust(dir, places) : undefined;
        if (now) return now;
      }
      return undefined;
    });
    if (provided) return provided;
  }
  throw new BuildError("E_TOOLCHAIN", await explain(dir, failures));
}

/** The command that provides Rust's WASI target on this machine. */
export async function rustRemedy(dir: string): Promise<string> {
  if (await hasRustup(dir)) return `rustup target add ${await targetName(dir)}`;
  if (isDebian())
    return `${isRoot() ? "" : "sudo "}apt-get install --no-install-recommends ${debianPackages.join(" ")}`;
  return "install rustup (https://rustup.rs), then type: rustup target add wasm32-wasip1";
}

async function probe(place: RustCommands, dir: string): Promise<FoundRust | undefined> {
  const ask = (command: string, ...args: string[]): Promise<string | undefined> => output(command, args, dir);
  const [version, sysroot, cargo] = await Promise.all([
    ask(place.rustc, "--version"),
    ask(place.rustc, "--print", "sysroot"),
    ask(place.cargo, "--version"),
  ]);
  if (!version || !sysroot || !cargo) return undefined;
  return { ...place, version, sysroot, target: targets.find((target) => hasStandardLibrary(sysroot, target)) };
}

// A target that rustc knows is no use without its standard library.
function hasStandardLibrary(sysroot: string, target: string): boolean {
  const dir = join(sysroot, "lib/rustlib", target, "lib");
  return existsSync(dir) && readdirSync(dir).some((file) => /^libstd-.*\.rlib$/.test(file));
}

/** Each returns why it did not work, or undefined where it did. */
type Install = (options: ProvideOptions) => Promise<string | undefined>;

const addTarget: Install = async ({ dir, log }) => {
  if (!(await hasRustup(dir))) return "rustup is not on PATH.";
  const target = await targetName(dir);
  log(`Rust can't build for WASI yet: adding its target with \`rustup target add ${target}\`, about 25 MB, once.`);
  return attempt("rustup", ["target", "add", target], dir);
};

const installDebianPackages: Install = async ({ dir, log }) => {
  if (!isDebian()) return undefined;
  if (!isRoot()) return "Debian's packages can be installed by root only.";
  log(`Rust can't build for WASI yet: installing Debian's ${debianPackages.join(", ")}, about 115 MB, once.`);
  const install = ["install", "--yes", "--no-install-recommends", ...debianPackages];
  // Package lists are missing in a new container and may be out of date elsewhere.
  if ((await attempt("apt-get", install, dir)) === undefined) return undefined;
  return (await attempt("apt-get", ["update"], dir)) ?? (await attempt("apt-get", install, dir));
};

const isDebian = (): boolean => existsSync("/etc/debian_version");
const isRoot = (): boolean => process.getuid?.() === 0;
const hasRustup = async (dir: string): Promise<boolean> => (await output("rustup", ["--version"], dir)) !== undefined;

async function targetName(dir: string): Promise<string> {
  const known = await output("rustc", ["--print", "target-list"], dir);
  return targets.find((target) => known?.split("\n").includes(target)) ?? targets[0];
}

async function explain(dir: string, failures: string[]): Promise<string> {
  const forbidden =
    process.env["WASI_KIT_NO_INSTALL"] === "1"
      ? ["Nothing was installed, since WASI_KIT_NO_INSTALL=1 forbids it."]
      : [];
  return [
    `No Rust on this machine can build for WASI (target ${targets.join(" or ")}).`,
    ...forbidden,
    ...failures,
    `To provide it: ${await rustRemedy(dir)}`,
  ].join("\n");
}

/** What a command prints; undefined where it is not there or fails. */
async function output(command: string, args: string[], dir: string): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runChild(command, args, { cwd: dir });
    return exitCode === 0 ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}

/** The exit code of a shell for a command that is not there. */
const notFound = 127;

/** Runs an installer, which is silent unless it fails. */
async function attempt(command: string, args: string[], dir: string): Promise<string | undefined> {
  const options = { cwd: dir, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const line = `\`${command} ${args.join(" ")}\``;
  try {
    const { exitCode, stdout, stderr } = await runChild(command, args, options);
    if (exitCode === 0) return undefined;
    if (exitCode === notFound) return `${line} could not be started: there is no ${command} on PATH.`;
    const said = (stderr || stdout).trim().split("\n").slice(-8).join("\n  ");
    return `${line} failed (exit code ${exitCode}):\n  ${said}`;
  } catch (error) {
    return `${line} could not be started: ${(error as Error).message}.`;
  }
}
