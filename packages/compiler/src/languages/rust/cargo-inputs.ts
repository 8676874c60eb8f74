import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, sep } from "node:path";
import { parse } from "smol-toml";
import { foldersUpFrom } from "./folders-up.ts";
import { contentOf } from "../../record/inputs.ts";
import type { InputRecorder } from "../../record/inputs.ts";

/** What cargo and rustup look for in a crate's folder and in each folder above it. */
const searched = [
  "Cargo.toml",
  "Cargo.lock",
  ".cargo/config.toml",
  ".cargo/config",
  "rust-toolchain.toml",
  "rust-toolchain",
];

/**
 * Writes down what cargo read for a module: the sources that its dep-info names,
 * and what it looked for to know how to build them.
 *
 * @param crate - the folder of the crate's Cargo.toml
 * @param built - the `.wasm` file as cargo made it
 * @param startedAt - when cargo was started, in milliseconds since 1970: what has changed since then was read before or
 * after that, and counts as changed
 * @see https://doc.rust-lang.org/cargo/reference/build-cache.html#dep-info-files
 */
export function recordCargoInputs(inputs: InputRecorder, crate: string, built: string, startedAt: number): void {
  const release = dirname(built);
  const target = join(release, "../..") + sep;
  const sources = readDepInfo(built.replace(/\.wasm$/, ".d")).filter((path) => !path.startsWith(target));
  const manifests = new Set(sources.map(manifestOf).filter((path) => path !== undefined));
  const settings = [
    ...foldersUpFrom(crate).flatMap((folder) => searched.map((name) => join(folder, name))),
    ...["config.toml", "config"].map((name) => join(process.env["CARGO_HOME"] ?? join(homedir(), ".cargo"), name)),
  ];
  for (const path of new Set([...sources, ...manifests, ...settings])) {
    const isNewer = (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= startedAt;
    // Cargo itself may have written the lock file.
    if (isNewer && basename(path) !== "Cargo.lock") inputs.unknownFile(path);
    else inputs.file(path, contentOf(path));
  }
  for (const manifest of manifests) {
    const script = buildScriptOf(manifest);
    // A build script may read anything. Cargo knows when to run it again, and is quick if it need not.
    if (existsSync(script)) inputs.unknownFile(script);
    else inputs.file(script, null);
  }
  for (const name of variablesIn(join(release, "deps"), basename(built, ".wasm"))) inputs.variable(name);
}

/** The paths in a file as make has them: `target: path path`, with a backslash before each space in a path. */
function readDepInfo(file: string): string[] {
  const [line = ""] = readFileSync(file, "utf8").split("\n");
  const [, paths = ""] = /: (.*)$/.exec(line) ?? [];
  return paths.split(/(?<!\\) +/).flatMap((path) => (path === "" ? [] : [path.replaceAll("\\ ", " ")]));
}

/** The variables that a crate's sources ask for with `env!`, as rustc lists them, but not those that cargo sets. */
function variablesIn(deps: string, name: string): string[] {
  const crate = name.replaceAll("-", "_");
  return readdirSync(deps)
    .filter((file) => file.startsWith(`${crate}-`) && file.endsWith(".d"))
    .flatMap((file) => [...readFileSync(join(deps, file), "utf8").matchAll(/^# env-dep:(?!CARGO_)(\w+)/gm)])
    .map(([, variable]) => variable as string);
}

/** The Cargo.toml of the crate that a source is of. */
const manifestOf = (source: string): string | undefined =>
  foldersUpFrom(dirname(source))
    .map((folder) => join(folder, "Cargo.toml"))
    .find((path) => existsSync(path));

/**
 * The path of a crate's build script, whether or not it exists.
 *
 * @see https://doc.rust-lang.org/cargo/reference/manifest.html#the-build-field
 */
function buildScriptOf(manifest: string): string {
  const { package: about } = parse(readFileSync(manifest, "utf8")) as { package?: { build?: string | boolean } };
  return join(dirname(manifest), typeof about?.build === "string" ? about.build : "build.rs");
}
