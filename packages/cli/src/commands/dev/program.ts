import type { BuildTarget } from "@wasi-kit/compiler";
import { filesOf } from "@wasi-kit/compiler/current";
import { hostPaths, isWithin, readExample, resolveBuild, resolveRun } from "@wasi-kit/manifest";
import type { Example } from "@wasi-kit/manifest";
import { say } from "../../ui/output.ts";

/** A program that is being worked on. */
export interface Program {
  /** What its wasi.json said when it was read last. */
  example: Example;
  /** The run that is made of it. */
  run: string;
  /** What that printed last, by the run's name. */
  readonly printed: Map<string, string>;
}

/** @param run - the run to make. Default: the first */
export function createProgram(example: Example, run?: string): Program {
  return { example, run: resolveRun(example, run).name, printed: new Map() };
}

/** Reads its wasi.json again. @throws ManifestError `E_MANIFEST` */
export async function reread(program: Program): Promise<void> {
  program.example = await readExample(program.example.dir);
  // The run may have another name by now.
  if (!Object.hasOwn(program.example.manifest.runs, program.run)) program.run = resolveRun(program.example).name;
}

/** What is to be built of it, if anything is. */
export function targetOf({ example }: Program): BuildTarget | undefined {
  const target = resolveBuild(example);
  return target && { ...target, log: (line) => say("warn", line) };
}

/** What it is made of outside of its folder: sources, directories and files that its runs are granted. */
export function pathsOutside({ example }: Program): string[] {
  const target = resolveBuild(example);
  const { directories, files } = hostPaths(example);
  const paths = new Set([...directories, ...files, ...(target ? filesOf(target) : [])]);
  return [...paths].filter((path) => !isWithin(example.dir, path));
}
