import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describeGrants, findPrograms, quote } from "@wasi-kit/manifest";
import { projectCommands } from "@wasi-kit/runner/commands";
import type { Program, ComparedPart, Run } from "@wasi-kit/manifest";
import { describeEntry, hostDirectory, listEntries, memory } from "@wasi-kit/runner";
import type { FileSystem } from "@wasi-kit/runner";
import { unifiedDiff } from "./diff.ts";
import { parseSnapshot, snapshotPath } from "./snapshot.ts";

/** A scenario in one language. */
export interface Version {
  /** Its name in messages: its folder. */
  label: string;
  example: Program;
}

/** A run of a version: what it declares, and the parts to compare. */
interface VersionRun {
  label: string;
  run: Run;
  parts: Readonly<Record<ComparedPart, readonly string[]>>;
}

const allParts: readonly ComparedPart[] = ["grants", "fixtures", "outcome", "exitCode", "stdout", "stderr", "changes"];

/**
 * Finds the examples in a directory and below it, by scenario: the name of their
 * folder.
 *
 * @throws ManifestError `E_MANIFEST`
 */
export async function findScenarios(directory: string): Promise<Map<string, Version[]>> {
  const scenarios = new Map<string, Version[]>();
  for (const example of await findPrograms(directory)) {
    const version = { label: relative(directory, example.dir) || example.name, example };
    scenarios.set(example.name, [...(scenarios.get(example.name) ?? []), version]);
  }
  return scenarios;
}

/** The names of the runs to compare: those of several versions, and those that declare differences. */
export function comparableRuns(versions: readonly Version[]): string[] {
  const runs = versions.flatMap(({ example }) => Object.entries(example.manifest.runs));
  const comparable = runs.filter(([, { differs }]) => versions.length > 1 || differs);
  return [...new Set(comparable.map(([name]) => name))];
}

/**
 * Compares a run in all versions of a scenario, by their manifests, fixtures
 * and snapshots. Each part must be the same in all versions, except in those
 * that declare a difference, where it must be different.
 *
 * @returns a text for each problem
 */
export async function compareVersions(versions: readonly Version[], name: string): Promise<string[]> {
  const withRun = versions.filter(({ example }) => Object.hasOwn(example.manifest.runs, name));
  const missing = versions
    .filter((version) => !withRun.includes(version))
    .map(({ label }) => `${label} has no run ${name}, which is there in ${list(withRun)}. Add it to its wasi.json.`);

  const read = withRun.map((version) => readVersion(version, name));
  const runs = read.filter((it) => typeof it !== "string");
  const different = await Promise.all(allParts.map((part) => comparePart(runs, name, part)));
  return [...missing, ...read.filter((it) => typeof it === "string"), ...different.flat()];
}

const list = (versions: readonly { label: string }[]): string => versions.map(({ label }) => label).join(", ");

/** Reads what there is to compare; or the text of a problem, if there is nothing. */
function readVersion({ label, example }: Version, name: string): VersionRun | string {
  const run = example.manifest.runs[name] as Run;
  const path = snapshotPath(example.dir, name);
  const { updateSnapshots } = projectCommands(example.dir);
  if (!existsSync(path)) return `There is no ${path}: \`${updateSnapshots}\` writes it.`;
  const parts = parseSnapshot(readFileSync(path, "utf8"));
  if (!parts) return `${path} is not the snapshot of a run: \`${updateSnapshots}\` writes it again.`;
  const grants = describeGrants(run).flatMap(([kind, lines]) => lines.map((line) => `${kind} ${line}`));
  return { label, run, parts: { ...parts, grants, fixtures: fixturesOf(example, run) } };
}

/** What the directories of a run contain, and its stdin. */
function fixturesOf({ dir }: Program, { preopens = {}, stdin = "" }: Run): string[] {
  const directories = Object.entries(preopens).flatMap(([guestPath, preopen]) => {
    const fileSystem = fileSystemOf(dir, preopen);
    if (!fileSystem) return [`${quote(guestPath)} is no directory`];
    return listEntries(fileSystem).map(({ path: name, entry }) => {
      const hash = entry.kind === "file" && entry.sha256 ? `, sha256 ${entry.sha256}` : "";
      return `${describeEntry(`${guestPath.replace(/\/$/, "")}/${name}`, entry)}${hash}`;
    });
  });
  return typeof stdin === "string"
    ? directories
    : [...directories, `stdin: ${describeInput(resolve(dir, stdin.file))}`];
}

function fileSystemOf(dir: string, preopen: NonNullable<Run["preopens"]>[string]): FileSystem | undefined {
  if (typeof preopen === "object" && "files" in preopen) return memory(preopen.files);
  const path = resolve(dir, typeof preopen === "string" ? preopen : preopen.path);
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? hostDirectory(path) : undefined;
}

function describeInput(path: string): string {
  if (!existsSync(path)) return "is no file";
  const content = readFileSync(path);
  return `${content.length} bytes, sha256 ${createHash("sha256").update(content).digest("hex")}`;
}

async function comparePart(runs: readonly VersionRun[], name: string, part: ComparedPart): Promise<string[]> {
  const key = `runs.${name}.differs.${part}`;
  const differing = runs.filter(({ run }) => run.differs?.[part] !== undefined);
  const [same, ...others] = groupByPart(
    runs.filter((it) => !differing.includes(it)),
    part,
  );
  if (!same) return differing.length === 0 ? [] : [describeNoReference(differing, key)];
  const reference = (same[0] as VersionRun).parts[part];

  const differences = others.map(async (other) => {
    const diff = await unifiedDiff(reference, (other[0] as VersionRun).parts[part], [list(same), list(other)]);
    return [
      `${part} of the run ${name} is not the same:`,
      ...(diff ?? [`${list(same)} and ${list(other)} have little in common.`]),
      `Make it the same, or say in a wasi.json why it can't be: ${key}.`,
    ].join("\n");
  });
  const unneeded = differing
    .filter((it) => isDeepStrictEqual(it.parts[part], reference))
    .map(({ label }) => `${label}/wasi.json: ${key} is not needed: it is the same as in ${list(same)}. Remove it.`);
  return [...(await Promise.all(differences)), ...unneeded];
}

/** Groups runs that are the same in a part. */
function groupByPart(runs: readonly VersionRun[], part: ComparedPart): VersionRun[][] {
  const groups = new Map<string, VersionRun[]>();
  for (const it of runs) {
    const content = it.parts[part].join("\n");
    groups.set(content, [...(groups.get(content) ?? []), it]);
  }
  return [...groups.values()];
}

function describeNoReference(differing: readonly VersionRun[], key: string): string {
  const place = `${(differing[0] as VersionRun).label}/wasi.json: ${key}`;
  if (differing.length === 1) return `${place} has nothing to differ from. Remove it.`;
  return `${place} stands in ${list(differing)} alike, and then nothing is compared. Remove it from the one that the others differ from.`;
}
