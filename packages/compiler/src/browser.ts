/**
 * The compilers that run in browsers as well. Each is loaded when it is first
 * used: that of AssemblyScript is several megabytes.
 *
 * @module
 */
import type { AscOptions } from "./languages/assemblyscript/run-asc.ts";
import { inlineSourceMap } from "./languages/source-map.ts";

/**
 * Assembles the text format, with the names and places that the frames of a trap have.
 *
 * @param file - how messages call the text
 * @throws Error with wabt's message: `file:line:column: error: …`, the line and a caret, for each mistake
 */
export async function compileWat(text: string, file: string): Promise<Uint8Array<ArrayBuffer>> {
  const { assemble } = await import("./languages/wat/assemble.ts");
  const { bytes, mappings = "" } = await assemble(new TextEncoder().encode(text), file, true);
  const map = inlineSourceMap({ sources: [file], sourceRoot: "", mappings });
  const both = new Uint8Array(bytes.length + map.length);
  both.set(bytes);
  both.set(map, bytes.length);
  return both;
}

/**
 * Compiles AssemblyScript. Without an `asconfig.json`, the language's globals
 * (abort, console, process, …) are bound to WASI by the wasi-shim. One that is
 * there may extend the shim's, and no other.
 *
 * @param entry - the entry file, a path in `files`
 * @param files - texts by path. Libraries, the wasi-shim among them, are below `node_modules`
 * @throws Error with what asc wrote: each mistake with its place
 */
export async function compileAssemblyScript(
  entry: string,
  files: Readonly<Record<string, string>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { optionsOf, runAsc } = await import("./languages/assemblyscript/run-asc.ts");
  const textOf = (path: string): string | undefined => (Object.hasOwn(files, path) ? files[path] : undefined);
  const configOf = (path: string): AscConfig => JSON.parse(textOf(path) ?? "{}") as AscConfig;
  const shim = { ...configOf(`${shimFolder}/asconfig.json`).options, lib: `${shimFolder}/assembly` };
  const { extends: extended = "", options } =
    textOf("asconfig.json") === undefined ? shimmed : configOf("asconfig.json");
  const { bytes, log } = await runAsc({
    entry,
    options: ["--path=node_modules", ...optionsOf({ ...(extended.includes(shimName) ? shim : {}), ...options })],
    // A config is given as options: what it extends, asc finds by Node.js alone.
    readFile: async (name, base) => (name === "asconfig.json" ? null : (textOf(joined(base, name)) ?? null)),
    listFiles: async (folder, base) => namesIn(joined(base, folder), Object.keys(files)),
  });
  if (!bytes) throw new Error(log);
  return bytes;
}

/** An asconfig.json, as far as it is read. */
interface AscConfig {
  readonly extends?: string;
  readonly options?: AscOptions;
}

const shimName = "@assemblyscript/wasi-shim";
const shimFolder = `node_modules/${shimName}`;
/** What a program is compiled with that has no asconfig.json. */
const shimmed: AscConfig = { extends: shimName };

/** A path in a folder, without `.`, and with `..` taken as far as it goes. */
function joined(folder: string, path: string): string {
  const names: string[] = [];
  for (const name of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names.join("/");
}

/** The names of the sources in a folder, which declarations (.d.ts) are not; null if there is no folder. */
function namesIn(folder: string, paths: readonly string[]): string[] | null {
  const prefix = folder === "" ? "" : `${folder}/`;
  const below = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  return below.length === 0 ? null : below.filter((name) => /^[^/]+(?<!\.d)\.ts$/.test(name));
}
