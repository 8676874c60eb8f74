import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { areSame, contentOf, hashOf, inputKey } from "./inputs.ts";
import type { Inputs } from "./inputs.ts";
import { replaceFile } from "../system/replace-file.ts";
import { languages } from "../languages/index.ts";
import { ownHash } from "./own-hash.ts";
import { sourceFiles } from "./sources.ts";
import type { Buildable } from "./sources.ts";

/** All that a module was made of. Kept beside it: a build that would be made of the same is not made. */
interface BuildRecord {
  /** How it was built: language and source or command, variables of the environment, wasi-kit's compiler itself. */
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
    (await haveSameNames(buildable, record.inputs)) &&
    isSame(setupOf(buildable, hasDebug(record)), record.setup) &&
    isSame((await versionsOf(buildable)) ?? record.tools, record.tools)
  );
}

/** Whether a part of a record would be written down as it was, in the order in which it was. */
const isSame = (now: Record<string, string>, then: Record<string, string>): boolean =>
  JSON.stringify(now) === JSON.stringify(then);

/** Writes down what a module was made of. */
export async function writeRecord(
  buildable: Buildable & { debug: boolean },
  bytes: Uint8Array,
  inputs: Inputs,
): Promise<void> {
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

function setupOf(buildable: Buildable, isNow: boolean): Record<string, string> {
  return { debug: String(buildable.debug ?? isNow), "wasi-kit": ownHash(), ...recipeOf(buildable) };
}

function recipeOf(buildable: Buildable): Record<string, string> {
  if ("command" in buildable) {
    const { command, inputs } = buildable;
    return { command: JSON.stringify(command), inputs: JSON.stringify(inputs) };
  }
  const { dir, language, source } = buildable;
  return { language, source: inputKey(dir, source), ...languages[language].environment?.() };
}

/** Whether the inputs of a command still match the same files: no other has come. */
async function haveSameNames(buildable: Buildable, { files }: Inputs): Promise<boolean> {
  if (!("command" in buildable)) return true;
  const now = await sourceFiles(buildable);
  return now.length === Object.keys(files).length && now.every((path) => inputKey(buildable.dir, path) in files);
}

/** The versions of the tools that build it; undefined if they are not all there. */
async function versionsOf(buildable: Buildable): Promise<Record<string, string> | undefined> {
  // Of a command nothing is known.
  if ("command" in buildable) return {};
  const tools = await languages[buildable.language].tools(buildable.dir);
  if (!tools.every(({ found }) => found)) return undefined;
  return Object.fromEntries(tools.map(({ name, version }) => [name, version]));
}

/** The files that a module was built from, absolute; none if it is not known. */
export function filesOf({ dir, module }: Pick<Buildable, "dir" | "module">): string[] {
  const { files = {} } = readRecord(module)?.inputs ?? {};
  return Object.entries(files).flatMap(([path, hash]) => (hash === null ? [] : [resolve(dir, path)]));
}
