import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { LanguageName } from "@wasi-kit/manifest";
import { areSame, contentOf, hashOf } from "./inputs.ts";
import type { Inputs } from "./inputs.ts";
import { replaceFile } from "../system/replace-file.ts";
import { languages } from "../languages/index.ts";

/** A module, and what it is built from. */
export interface Buildable {
  /** The folder of the program, absolute. */
  dir: string;
  /** The language that the source is written in. */
  language: LanguageName;
  /** The source's absolute path. */
  source: string;
  /** The module's absolute path. */
  module: string;
  /** Whether it keeps names, files and lines for the frames of a trap. Default: whether it does now. */
  debug?: boolean;
}

/** All that a module was made of. Kept beside it: a build that would be made of the same is not made. */
interface BuildRecord {
  /** How it was built: language, source, variables of the environment, wasi-kit's compiler itself. */
  setup: Record<string, string>;
  /** The versions of the tools that it was built with. */
  tools: Record<string, string>;
  inputs: Inputs;
  /** The module itself, as a hash: one that was edited is not what was built. */
  module: string;
}

/** `build/hello.wasm` has `build/.hello.wasm.json`. */
const recordPath = (module: string): string => join(dirname(module), `.${basename(module)}.json`);

/**
 * Whether a module is what a build would make now: nothing that went into it has
 * changed, and nor has the module. If the language's tools are missing,
 * their versions are not compared: a module can be current on a machine that
 * could not build it.
 */
export async function isCurrent(buildable: Buildable): Promise<boolean> {
  const record = readRecord(buildable.module);
  return (
    record !== undefined &&
    isOf(record, buildable.module) &&
    areSame(buildable.dir, record.inputs) &&
    isDeepStrictEqual(setupOf(buildable, hasDebug(record)), record.setup) &&
    isDeepStrictEqual((await versionsOf(buildable)) ?? record.tools, record.tools)
  );
}

/** Writes down what a module was made of. */
export async function writeRecord(buildable: Required<Buildable>, bytes: Uint8Array, inputs: Inputs): Promise<void> {
  const versions = (await versionsOf(buildable)) ?? {};
  const record: BuildRecord = {
    setup: setupOf(buildable, buildable.debug),
    tools: versions,
    inputs,
    module: hashOf(bytes),
  };
  replaceFile(recordPath(buildable.module), `${JSON.stringify(record, null, 2)}\n`, buildable.module);
}

/** Whether a module is what its last build made, current or not. */
export function isIntact(module: string): boolean {
  const record = readRecord(module);
  return record !== undefined && isOf(record, module);
}

const isOf = (record: BuildRecord, module: string): boolean => hashOf(contentOf(module)) === record.module;

function readRecord(module: string): BuildRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordPath(module), "utf8")) as BuildRecord;
  } catch {
    return undefined;
  }
}

/** Whether a module was built to keep names, files and lines. */
export const wasBuiltForDebugging = (module: string): boolean => hasDebug(readRecord(module));

const hasDebug = (record: BuildRecord | undefined): boolean => record?.setup["debug"] === "true";

function setupOf({ dir, language, source, debug }: Buildable, isNow: boolean): Record<string, string> {
  return {
    language,
    source: relative(dir, source).replaceAll(sep, "/"),
    debug: String(debug ?? isNow),
    "wasi-kit": ownHash(),
    ...languages[language].environment?.(),
  };
}

/** The versions of a language's tools; undefined if they are not all there. */
async function versionsOf({ language, dir }: Buildable): Promise<Record<string, string> | undefined> {
  const tools = await languages[language].tools(dir);
  if (!tools.every(({ found }) => found)) return undefined;
  return Object.fromEntries(tools.map(({ name, version }) => [name, version]));
}

let own: string | undefined;

/** This package's code, as a hash: its version stays the same while it is worked on. */
function ownHash(): string {
  const folder = join(import.meta.dirname, "..");
  own ??= hashOf(
    readdirSync(folder, { encoding: "utf8", recursive: true })
      .filter((name) => /\.[jt]s$/.test(name))
      .toSorted()
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("\n"),
  );
  return own;
}

/** The files that a module was built from, absolute; none if it is not known. */
export function filesOf({ dir, module }: Pick<Buildable, "dir" | "module">): string[] {
  const { files = {} } = readRecord(module)?.inputs ?? {};
  return Object.entries(files).flatMap(([path, hash]) => (hash === null ? [] : [resolve(dir, path)]));
}
