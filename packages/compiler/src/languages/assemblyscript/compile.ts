import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { requireOfPackage } from "../../own-package.ts";
import type { InputRecorder } from "../../record/inputs.ts";
import { compilerFailure } from "../compiler-failure.ts";
import type { Advice } from "../compiler-failure.ts";
import type { CompileOptions } from "../language.ts";
import { rootOfSources } from "../root-of-sources.ts";
import { inlineSourceMap, sourceMapSection } from "../source-map.ts";
import type { SourceMap } from "../source-map.ts";
import { optionsOf, runAsc } from "./run-asc.ts";
import type { AscOptions, AscSourceMap } from "./run-asc.ts";

const require = requireOfPackage();
const shim = require.resolve("@assemblyscript/wasi-shim/asconfig.json");

/** What to do about what asc says. */
const advice: Advice = [
  [
    /ERROR TS6054: File '([^']+)' not found/,
    (path) =>
      `Put ${path} there, or name another: a path counts from the file that imports. A package is installed by npm, and imported by its name and its folder, as "as-wasi/assembly".`,
  ],
];

/**
 * Compiles AssemblyScript in this process. Without an asconfig.json of the
 * example's own, the language's globals (abort, console, process, …) are bound
 * to WASI by the wasi-shim; an asconfig.json is expected to extend the shim's.
 */
export async function compile({ dir, source, module, debug, inputs }: CompileOptions): Promise<Uint8Array> {
  const config = join(dir, "asconfig.json");
  const hasConfig = existsSync(config);
  if (!hasConfig) inputs.file(config, null);
  const { bytes, map, log, error } = await runAsc({
    entry: relative(dir, source),
    options: [
      `--baseDir=${dir}`,
      `--path=${relative(process.cwd(), packageFolder(shim))}`,
      ...(debug ? ["--debug", "--sourceMap"] : []),
      ...(hasConfig ? [] : shimArguments(dir)),
    ],
    // asc's own takes a library's folder from the working directory, and not
    // from the base folder, where it looked for the names of the files.
    readFile: async (name, base) => readSource(resolve(dir, base, name), inputs),
    // asc's own puts the base folder before an absolute one, as a library's is that an asconfig.json extends.
    listFiles: async (folder, base) => listSources(resolve(dir, base, folder), inputs),
  });
  if (!bytes) {
    throw compilerFailure(`asc can't compile ${relative(process.cwd(), source)}`, log, advice, { cause: error });
  }
  return map ? inline(bytes, map, { dir, module }) : bytes;
}

/** Puts a source map, which asc writes to a file of its own, into the module, without what asc says of that file. */
function inline(
  bytes: Uint8Array,
  { url, json }: AscSourceMap,
  job: Pick<CompileOptions, "dir" | "module">,
): Uint8Array {
  const { sources, mappings } = JSON.parse(json) as SourceMap;
  const reference = sourceMapSection(url);
  const at = Buffer.from(bytes).indexOf(reference);
  const rest = [bytes.subarray(0, at), bytes.subarray(at + reference.length)];
  return Buffer.concat([
    ...(at < 0 ? [bytes] : rest),
    inlineSourceMap({ sources, mappings, sourceRoot: rootOfSources(job) }),
  ]);
}

/** A file's text; null if there is none. */
async function readSource(path: string, inputs: InputRecorder): Promise<string | null> {
  const bytes = await readFile(path).catch(() => null);
  inputs.file(path, bytes);
  return bytes && bytes.toString();
}

/** The names of a folder's sources, which its declarations (.d.ts) are not; null if there is no folder. */
async function listSources(folder: string, inputs: InputRecorder): Promise<string[] | null> {
  const names = await readdir(folder).catch(() => null);
  inputs.folder(folder, names);
  return names && names.filter((name) => /(?<!\.d)\.ts$/.test(name));
}

/**
 * The node_modules in which the shim lies. as-wasi imports the shim, and asc
 * looks only in the example's own node_modules, where pnpm does not put it.
 */
const packageFolder = (path: string): string => join(dirname(path), "../..");

/** What the shim's asconfig.json says, as arguments: `extends` would need the shim in the example's own node_modules. */
function shimArguments(dir: string): string[] {
  const { options } = require(shim) as { options: AscOptions & { lib: string } };
  // asc joins library folders to the base folder, so an absolute one is not found.
  return optionsOf({ ...options, lib: relative(dir, join(dirname(shim), options.lib)) });
}
