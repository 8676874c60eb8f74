import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { parse } from "smol-toml";
import { BuildError } from "../../error.ts";
import type { DetectedProgram } from "../detected-program.ts";

/** The part of a Cargo.toml that says what is built. */
interface Crate {
  package?: { name?: string; description?: string; autobins?: boolean; "default-run"?: string };
  lib?: { name?: string; "crate-type"?: string[] };
  bin?: { name?: string; path?: string }[];
  workspace?: { members?: string[] };
}

/**
 * What a crate builds: its program, or else its library.
 *
 * @see https://doc.rust-lang.org/cargo/reference/cargo-targets.html
 * @throws BuildError `E_PROJECT` if it builds neither, or several programs without one that comes first
 */
export function detect(dir: string): DetectedProgram {
  const path = relative(process.cwd(), join(dir, "Cargo.toml"));
  const { package: about, lib, bin = [], workspace } = readCrate(path, join(dir, "Cargo.toml"));
  if (!about?.name) {
    const members = workspace?.members?.length ? `: ${workspace.members.join(", ")}` : "";
    throw new BuildError(
      "E_PROJECT",
      `${path} is of a workspace, and has no [package]. Name the folder of one of its crates${members}.`,
    );
  }
  const programs = programsOf(dir, about.name, about.autobins ?? true, bin);
  const name = about["default-run"] ?? (programs.length === 1 ? programs[0] : programs.find((it) => it === about.name));
  const isLibrary = programs.length === 0 && lib?.["crate-type"]?.includes("cdylib");
  const known = { description: about.description, build: { language: "rust" as const } };
  if (isLibrary) {
    return { ...known, label: `the library ${about.name} in ${path}`, name: lib?.name ?? about.name, isCommand: false };
  }
  if (name !== undefined) return { ...known, label: `the crate ${about.name} in ${path}`, name, isCommand: true };
  throw new BuildError(
    "E_PROJECT",
    programs.length > 0
      ? `${path} builds ${programs.join(", ")}, and a wasi.json is for one program.\nSay in it which comes first, as default-run of [package], or put each in a crate of its own.`
      : `${path} builds no program. It needs a src/main.rs, or a library of crate-type "cdylib".`,
  );
}

function readCrate(path: string, file: string): Crate {
  try {
    return parse(readFileSync(file, "utf8")) as Crate;
  } catch (cause) {
    throw new BuildError("E_PROJECT", `${path} can't be read: ${(cause as Error).message.trimEnd()}`, { cause });
  }
}

/** The names of a crate's programs: those that it declares, and those that cargo finds by itself. */
function programsOf(dir: string, name: string, isSearched: boolean, declared: NonNullable<Crate["bin"]>): string[] {
  const paths = new Set(declared.map(({ path }) => path));
  const searched = [
    ...(existsSync(join(dir, "src/main.rs")) && !paths.has("src/main.rs") ? [name] : []),
    ...filesIn(join(dir, "src/bin"))
      .filter((file) => (file.endsWith(".rs") ? !paths.has(`src/bin/${file}`) : isProgram(join(dir, "src/bin", file))))
      .map((file) => basename(file, ".rs")),
  ];
  return [...new Set([...declared.map((it) => it.name ?? name), ...(isSearched ? searched : [])])].toSorted();
}

const filesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
const isProgram = (folder: string): boolean => existsSync(join(folder, "main.rs"));
