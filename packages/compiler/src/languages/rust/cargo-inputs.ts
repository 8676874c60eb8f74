import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { parse } from "smol-toml";
import { foldersUpFrom } from "../../system/folders-up.ts";
import { inHome } from "../../system/in-home.ts";
import { contentOf } from "../../record/inputs.ts";
import type { InputRecorder } from "../../record/inputs.ts";
import { readDepfile, recordRead } from "../read-files.ts";

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
 * @param startedAt - when cargo was started, in milliseconds since 1970
 * @see https://doc.rust-lang.org/cargo/reference/build-cache.html#dep-info-files
 */
export function recordCargoInputs(inputs: InputRecorder, crate: string, built: string, startedAt: number): void {
  const release = dirname(built);
  const target = join(release, "../..") + sep;
  const sources = readDepfile(built.replace(/\.wasm$/, ".d")).filter((path) => !path.startsWith(target));
  const manifests = new Set(sources.map(manifestOf).filter((path) => path !== undefined));
  const cargoHome = process.env["CARGO_HOME"] ?? inHome(".cargo");
  const settings = [
    ...foldersUpFrom(crate).flatMap((folder) => searched.map((name) => join(folder, name))),
    ...(cargoHome ? ["config.toml", "config"].map((name) => join(cargoHome, name)) : []),
  ];
  for (const path of new Set([...sources, ...manifests, ...settings])) {
    // Cargo itself may have written the lock file.
    if (basename(path) === "Cargo.lock") inputs.file(path, contentOf(path));
    else recordRead(inputs, path, startedAt);
  }
  for (const manifest of manifests) {
    const script = buildScriptOf(manifest);
    // A build script may read anything. Cargo knows when to run it again, and is quick if it need not.
    if (existsSync(script)) inputs.unknownFile(script);
    else inputs.file(script, null);
  }
  for (const name of variablesIn(join(release, "deps"), basename(built, ".wasm"))) inputs.variable(name);
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
