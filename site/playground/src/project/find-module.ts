import type { Compiler } from "../compile/compiler.ts";
import type { SourceProblem } from "../compile/problems.ts";
import type { Files } from "./files.ts";
import { compiledLanguage, sourceOf } from "./session.ts";
import type { Session } from "./session.ts";

/** The module of a project, or why there is none. */
export type FoundModule =
  | { readonly module: Uint8Array }
  | { readonly message: string; readonly problems: readonly SourceProblem[] };

/**
 * The module that a run of the project is made with: the file that wasi.json
 * names, if the project has it; else what is compiled from the source; else the
 * module that was built of the example.
 */
export async function findModule(session: Session, compiler: Compiler): Promise<FoundModule> {
  const { manifest, files, program } = session;
  if (!manifest) return problem(session.manifestProblem ?? "");
  const own = files.get(manifest.module);
  if (own instanceof Uint8Array) return { module: own };
  const language = compiledLanguage(manifest);
  const source = sourceOf(manifest, files);
  // To load the compiler of AssemblyScript takes a while, and what was built is the same.
  const isAsBuilt = language !== "wat" && !sources(files).some(session.isChanged);
  if (program?.module && isAsBuilt) return load(program.module);
  if (language && source !== undefined) return compiler.compile(language, source, textsOf(files));
  if (program?.module) return load(program.module);
  return problem(
    language
      ? `There is no source to compile: ${manifest.module} is made of ${JSON.stringify(manifest.build)}.`
      : `There is no module at ${manifest.module}. Drop a .wasm file here, or choose a program.`,
  );
}

const problem = (message: string): FoundModule => ({ message, problems: [] });

async function load(fetchModule: () => Promise<Uint8Array>): Promise<FoundModule> {
  try {
    return { module: await fetchModule() };
  } catch (error) {
    return problem((error as Error).message);
  }
}

const sources = (files: Files): string[] =>
  [...files.keys()].filter((path) => path.startsWith("assembly/") || path === "asconfig.json");

const textsOf = (files: Files): Record<string, string> =>
  Object.fromEntries([...files].filter((it): it is [string, string] => typeof it[1] === "string"));
