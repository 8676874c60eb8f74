import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { main as asc } from "assemblyscript/asc";
import { BuildError } from "../../error.ts";
import type { InputRecorder } from "../../record/inputs.ts";
import type { CompileOptions } from "../language.ts";
import { inlineSourceMap, sourceMapSection } from "../source-map.ts";
import type { SourceMap } from "../source-map.ts";

const require = createRequire(import.meta.url);
const shim = require.resolve("@assemblyscript/wasi-shim/asconfig.json");
const output = "module.wasm";

/**
 * Compiles AssemblyScript in this process. Without an asconfig.json of the
 * example's own, the language's globals (abort, console, process, …) are bound
 * to WASI by the wasi-shim; an asconfig.json is expected to extend the shim's.
 */
export async function compile({ dir, source, module, debug, inputs }: CompileOptions): Promise<Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const config = join(dir, "asconfig.json");
  const hasConfig = existsSync(config);
  if (!hasConfig) inputs.file(config, null);
  let log = "";
  const write = (text: string | Uint8Array): void => {
    log += typeof text === "string" ? text : Buffer.from(text).toString();
  };

  const { error } = await asc(
    [
      relative(dir, source),
      `--baseDir=${dir}`,
      `--outFile=${output}`,
      "--optimizeLevel=3",
      "--shrinkLevel=2",
      "--converge",
      // asc takes CI for a terminal.
      "--noColors",
      `--path=${relative(process.cwd(), packageFolder(shim))}`,
      ...(debug ? ["--debug", "--sourceMap"] : []),
      ...(hasConfig ? [] : shimArguments(dir)),
    ],
    {
      stdout: { write },
      stderr: { write },
      // asc's own takes a library's folder from the working directory, and not
      // from the base folder, where it looked for the names of the files.
      readFile: async (name, base) => readSource(resolve(dir, base, name), inputs),
      // asc's own puts the base folder before an absolute one, as a library's is that an asconfig.json extends.
      listFiles: async (folder, base) => listSources(resolve(dir, base, folder), inputs),
      writeFile: (name, contents) => {
        files.set(name, typeof contents === "string" ? Buffer.from(contents) : contents);
      },
    },
  );

  const bytes = files.get(output);
  if (error || !bytes) {
    throw new BuildError(
      "E_COMPILE",
      `asc can't compile ${relative(process.cwd(), source)}:\n${withoutStack(log).trim() || error?.message}`,
      {
        cause: error,
      },
    );
  }
  const map = debug ? files.get(`${output}.map`) : undefined;
  return map ? inline(bytes, map, { dir, module }) : bytes;
}

/** Puts a source map, which asc writes to a file of its own, into the module, without what asc says of that file. */
function inline(bytes: Uint8Array, map: Uint8Array, job: Pick<CompileOptions, "dir" | "module">): Uint8Array {
  const { sources, mappings } = JSON.parse(Buffer.from(map).toString()) as SourceMap;
  const reference = sourceMapSection(`./${output}.map`);
  const at = Buffer.from(bytes).indexOf(reference);
  const rest = [bytes.subarray(0, at), bytes.subarray(at + reference.length)];
  return Buffer.concat([...(at < 0 ? [bytes] : rest), inlineSourceMap({ sources, mappings }, job)]);
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

/** If asc fails for another reason than the source, it prints its stack, and ours. */
const withoutStack = (log: string): string => log.replaceAll(/^ {4}at .*\n?/gm, "");

/**
 * The node_modules in which the shim lies. as-wasi imports the shim, and asc
 * looks only in the example's own node_modules, where pnpm does not put it.
 */
const packageFolder = (path: string): string => join(dirname(path), "../..");

/** What the shim's asconfig.json says, as arguments: `extends` would need the shim in the example's own node_modules. */
function shimArguments(dir: string): string[] {
  const { options } = require(shim) as { options: { lib: string; use: string[]; exportStart: string } };
  // asc joins library folders to the base folder, so an absolute one is not found.
  const lib = relative(dir, join(dirname(shim), options.lib));
  return ["--lib", lib, "--exportStart", options.exportStart, ...options.use.flatMap((use) => ["--use", use])];
}
