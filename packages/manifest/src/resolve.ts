import { join, resolve } from "node:path";
import { ManifestError } from "./error.ts";
import { manifestName } from "./read.ts";
import type { Program } from "./read.ts";
import { resolveGrants } from "./run-grants.ts";
import type { HostVariables, RunGrants } from "./run-grants.ts";
import type { Manifest } from "./schema.ts";
import { modulePath } from "./source.ts";

/** A run with nothing left open: host paths are absolute, inherited variables are filled in. */
export interface ResolvedRun {
  /** The run's name. */
  name: string;
  /** The absolute path of the module. */
  module: string;
  /** What it is granted, as the runner takes it. */
  options: RunGrants;
  /** The exit code that it must end with. */
  exitCode: number;
  /** The run as it is declared: the absolute path of its wasi.json, its name, and all runs there. */
  declared: { file: string; name: string; runs: Manifest["runs"] };
}

/**
 * Makes a run of a program ready for the runner.
 *
 * @param name - default: the first run of the manifest
 * @param hostEnv - where `inheritEnv` takes variables from
 * @throws ManifestError `E_MANIFEST` if there is no such run
 */
export function resolveRun(program: Program, name?: string, hostEnv: HostVariables = process.env): ResolvedRun {
  const { dir, manifest } = program;
  const names = Object.keys(manifest.runs);
  const chosen = name ?? (names[0] as string);
  const run = Object.hasOwn(manifest.runs, chosen) ? manifest.runs[chosen] : undefined;
  const path = join(dir, manifestName);
  if (!run) throw new ManifestError(`${path} has no run named "${chosen}". It has: ${names.join(", ")}.`);
  return {
    name: chosen,
    module: modulePath(program),
    options: resolveGrants(run, (hostPath) => resolve(dir, hostPath), hostEnv),
    exitCode: run.exitCode ?? 0,
    declared: { file: path, name: chosen, runs: manifest.runs },
  };
}
