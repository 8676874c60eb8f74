import { join, resolve } from "node:path";
import { ManifestError } from "./error.ts";
import { manifestName } from "./read.ts";
import type { Program } from "./read.ts";
import type { Files, Run } from "./schema.ts";
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
}

/** A directory of a run: the host's, by its absolute path, or files in memory. */
export type ResolvedPreopen =
  | { path: string; access: "read-only" | "read-write" | "copy-on-write" }
  | { files: Files; access: "read-only" | "read-write" };

/** The part of the runner's options that a manifest sets. */
export interface RunGrants {
  args: string[];
  argv0?: string;
  env: Record<string, string>;
  preopens: Record<string, ResolvedPreopen>;
  stdin: string | { file: string };
  timeoutMs?: number;
  maxMemoryBytes?: number;
  maxOutputBytes?: number;
  clock?: { start: string; stepMs?: number };
  randomSeed?: number;
  wasi: boolean;
}

/** What the runner takes as it is written in the manifest. */
const limits = ["timeoutMs", "maxMemoryBytes", "maxOutputBytes", "clock", "randomSeed"] as const;

/**
 * Makes a run of a program ready for the runner.
 *
 * @param name - default: the first run of the manifest
 * @param hostEnv - where `inheritEnv` takes variables from
 * @throws ManifestError `E_MANIFEST` if there is no such run
 */
export function resolveRun(program: Program, name?: string, hostEnv: NodeJS.ProcessEnv = process.env): ResolvedRun {
  const { dir, manifest } = program;
  const names = Object.keys(manifest.runs);
  const chosen = name ?? (names[0] as string);
  const run = Object.hasOwn(manifest.runs, chosen) ? manifest.runs[chosen] : undefined;
  const path = join(dir, manifestName);
  if (!run) throw new ManifestError(`${path} has no run named "${chosen}". It has: ${names.join(", ")}.`);

  const { args = [], argv0, env = {}, preopens = {}, stdin = "", exitCode = 0, wasi = true } = run;
  return {
    name: chosen,
    module: modulePath(program),
    options: {
      args,
      ...(argv0 === undefined ? {} : { argv0 }),
      env: { ...inherited(run, hostEnv), ...env },
      preopens: Object.fromEntries(Object.entries(preopens).map(([guest, host]) => [guest, resolvePreopen(dir, host)])),
      stdin: typeof stdin === "string" ? stdin : { file: resolve(dir, stdin.file) },
      ...(Object.fromEntries(limits.filter((key) => run[key] !== undefined).map((key) => [key, run[key]])) as Pick<
        RunGrants,
        (typeof limits)[number]
      >),
      wasi,
    },
    exitCode,
  };
}

function inherited({ inheritEnv = [] }: Run, hostEnv: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(inheritEnv.flatMap((name) => (hostEnv[name] === undefined ? [] : [[name, hostEnv[name]]])));
}

type Preopen = NonNullable<Run["preopens"]>[string];

function resolvePreopen(dir: string, preopen: Preopen): ResolvedPreopen {
  if (typeof preopen === "string") return { path: resolve(dir, preopen), access: "read-write" };
  if ("files" in preopen) return { files: preopen.files, access: preopen.access ?? "read-write" };
  return { path: resolve(dir, preopen.path), access: preopen.access ?? "read-write" };
}

/**
 * Whether a run ended as its wasi.json expects. One that could not start has no
 * outcome, and 126 alone is expected of it: a directory or a module that is
 * missing is a mistake, even if the guest's own exit code is to be 2 or 127.
 *
 * @param end - a result of the runner, or its error
 */
export const isExpected = (
  expectedExitCode: number,
  end: { readonly exitCode: number; readonly outcome?: string },
): boolean => end.exitCode === expectedExitCode && (end.outcome !== undefined || expectedExitCode === 126);
