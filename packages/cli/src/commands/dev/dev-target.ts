import type { BuildTarget } from "@wasi-kit/compiler";
import { filesOf, sourceFiles } from "@wasi-kit/compiler/current";
import { hostPaths, readProgram, resolveBuild, resolveRun } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";
import { say } from "../../ui/output.ts";

/** A program that is being worked on, and its run. */
export interface DevTarget {
  /** What its wasi.json said when it was read last. */
  program: Program;
  /** The run that is made of it. */
  run: string;
  /** What that printed last, by the run's name. */
  readonly printed: Map<string, string>;
}

/** @param run - the run to make. Default: the first */
export function createDevTarget(program: Program, run?: string): DevTarget {
  return { program, run: resolveRun(program, run).name, printed: new Map() };
}

/** Reads its wasi.json again. @throws ManifestError `E_MANIFEST` */
export async function reread(target: DevTarget): Promise<void> {
  target.program = await readProgram(target.program.dir);
  // The run may have another name by now.
  if (!Object.hasOwn(target.program.manifest.runs, target.run)) target.run = resolveRun(target.program).name;
}

/** What is to be built of it, if anything is. */
export function buildTargetOf({ program }: DevTarget): BuildTarget | undefined {
  const build = resolveBuild(program);
  return build && { ...build, log: (line) => say("warn", line) };
}

/** What it is made of, as far as it is known: sources, directories and files that its runs are granted. */
export async function pathsOf({ program }: DevTarget): Promise<string[]> {
  const build = resolveBuild(program);
  const { directories, files } = hostPaths(program);
  const sources = build ? [...filesOf(build), ...(await sourceFiles(build))] : [];
  return [...new Set([...directories, ...files, ...sources])];
}
