import { runLimitNames } from "./limits.ts";
import type { RunLimitName } from "./limits.ts";
import type { Files, Run } from "./schema.ts";

/** A directory of a run: the host's, by its absolute path, or files in memory. */
export type ResolvedPreopen = Pick<RunLimits, "maxWrittenBytes" | "maxFiles"> &
  (
    | { path: string; access: "read-only" | "read-write" | "copy-on-write" }
    | { files: Files; access: "read-only" | "read-write" }
  );

/** The limits of a run. */
type RunLimits = { [Name in RunLimitName]?: number };

/** The part of the runner's options that a manifest sets. */
export interface RunGrants extends RunLimits {
  args: string[];
  argv0?: string;
  env: Record<string, string>;
  preopens: Record<string, ResolvedPreopen>;
  stdin: string | { file: string };
  clock?: { start: string; stepMs?: number };
  randomSeed?: number;
  wasi: boolean;
}

/** The variables of a host. */
export type HostVariables = Readonly<Record<string, string | undefined>>;

/** What the runner takes as it is written in the manifest. */
const asWritten = [...runLimitNames, "clock", "randomSeed"] as const;

/**
 * What a run is granted, as the runner takes it, with the defaults filled in.
 *
 * @param resolvePath - makes a path of the host absolute: the manifest has it relative to itself
 * @param hostEnv - where `inheritEnv` takes variables from
 */
export function resolveGrants(run: Run, resolvePath: (path: string) => string, hostEnv: HostVariables): RunGrants {
  const { args = [], argv0, env = {}, preopens = {}, stdin = "", wasi = true } = run;
  return {
    args,
    ...(argv0 === undefined ? {} : { argv0 }),
    env: { ...inherited(run, hostEnv), ...env },
    preopens: Object.fromEntries(
      Object.entries(preopens).map(([guest, host]) => [guest, resolvePreopen(host, resolvePath)]),
    ),
    stdin: typeof stdin === "string" ? stdin : { file: resolvePath(stdin.file) },
    ...(Object.fromEntries(asWritten.filter((key) => run[key] !== undefined).map((key) => [key, run[key]])) as Pick<
      RunGrants,
      (typeof asWritten)[number]
    >),
    wasi,
  };
}

const inherited = ({ inheritEnv = [] }: Run, hostEnv: HostVariables): Record<string, string> =>
  Object.fromEntries(inheritEnv.flatMap((name) => (hostEnv[name] === undefined ? [] : [[name, hostEnv[name]]])));

type Preopen = NonNullable<Run["preopens"]>[string];

function resolvePreopen(preopen: Preopen, resolvePath: (path: string) => string): ResolvedPreopen {
  if (typeof preopen === "string") return { path: resolvePath(preopen), access: "read-write" };
  const access = preopen.access ?? "read-write";
  // The type of what is the same in both alternatives is lost where it is spread.
  return (
    "files" in preopen ? { ...preopen, access } : { ...preopen, path: resolvePath(preopen.path), access }
  ) as ResolvedPreopen;
}
