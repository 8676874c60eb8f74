import { join, resolve } from "node:path";
import { ManifestError } from "./error.ts";
import { manifestName } from "./read.ts";
import type { Example } from "./read.ts";
import type { Run } from "./schema.ts";
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

/** The part of the runner's options that a manifest sets. */
export interface RunGrants {
  args: string[];
  argv0?: string;
  env: Record<string, string>;
  preopens: Record<string, string>;
  stdin: string | { file: string };
  wasi: boolean;
}

/** What a manifest may say and the runner does not hold a run to yet. */
const notHeld = ["timeoutMs", "maxMemoryBytes", "clock", "randomSeed"] as const satisfies (keyof Run)[];

/**
 * Makes a run of an example ready for the runner.
 *
 * @param name - default: the first run of the manifest
 * @param hostEnv - where `inheritEnv` takes variables from
 * @throws ManifestError `E_MANIFEST` where there is no such run
 */
export function resolveRun(example: Example, name?: string, hostEnv: NodeJS.ProcessEnv = process.env): ResolvedRun {
  const { dir, manifest } = example;
  const names = Object.keys(manifest.runs);
  const chosen = name ?? (names[0] as string);
  const run = Object.hasOwn(manifest.runs, chosen) ? manifest.runs[chosen] : undefined;
  const path = join(dir, manifestName);
  if (!run) throw new ManifestError(`${path} has no run named "${chosen}". It has: ${names.join(", ")}.`);
  refuseWhatIsNotHeld(run, `${path}: runs.${chosen}`);

  const { args = [], argv0, env = {}, preopens = {}, stdin = "", exitCode = 0, wasi = true } = run;
  return {
    name: chosen,
    module: modulePath(example),
    options: {
      args,
      ...(argv0 === undefined ? {} : { argv0 }),
      env: { ...inherited(run, hostEnv), ...env },
      preopens: Object.fromEntries(
        Object.entries(preopens).map(([guest, host]) => [guest, resolve(dir, hostPath(host))]),
      ),
      stdin: typeof stdin === "string" ? stdin : { file: resolve(dir, stdin.file) },
      wasi,
    },
    exitCode,
  };
}

function inherited({ inheritEnv = [] }: Run, hostEnv: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(inheritEnv.flatMap((name) => (hostEnv[name] === undefined ? [] : [[name, hostEnv[name]]])));
}

type Preopen = NonNullable<Run["preopens"]>[string];

const hostPath = (preopen: Preopen): string => (typeof preopen === "string" ? preopen : preopen.path);

// A limit that is declared and not held would be worse than none.
function refuseWhatIsNotHeld(run: Run, at: string): void {
  const keys: string[] = notHeld.filter((key) => run[key] !== undefined);
  for (const [guest, preopen] of Object.entries(run.preopens ?? {})) {
    if (typeof preopen === "object" && preopen.access === "read-only") keys.push(`preopens.${guest}.access`);
  }
  if (keys.length === 0) return;
  throw new ManifestError(
    `${at}: this version of wasi-kit can't hold a run to ${keys.join(", ")}, and does not run it without.\nRemove what it can't hold, if you trust the module that far.`,
  );
}
