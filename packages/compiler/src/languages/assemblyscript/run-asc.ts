import { main as asc } from "assemblyscript/asc";

/** What asc is to compile, and where it finds files. */
interface AscJob {
  /** The entry file, relative to the base folder. */
  readonly entry: string;
  /** What is not the same for every program. */
  readonly options: readonly string[];
  /** A file's text; null if there is none. */
  readFile(name: string, base: string): Promise<string | null>;
  /** The names of a folder's sources; null if there is no folder. */
  listFiles(folder: string, base: string): Promise<string[] | null>;
}

/** What asc made. */
interface AscResult {
  /** Absent if it failed. */
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly map?: AscSourceMap;
  /** What it wrote: with mistakes in the source, each with its place. */
  readonly log: string;
  readonly error: Error | null;
}

/** A source map that asc wrote, and the URL by which the module names it. */
export interface AscSourceMap {
  readonly url: string;
  readonly json: string;
}

/** The options of an asconfig.json. */
export type AscOptions = Readonly<Record<string, string | number | boolean | readonly string[]>>;

const output = "module.wasm";

/** Compiles AssemblyScript in this process or page. */
export async function runAsc({ entry, options, readFile, listFiles }: AscJob): Promise<AscResult> {
  const files = new Map<string, Uint8Array | string>();
  const decoder = new TextDecoder();
  let log = "";
  const write = (text: string | Uint8Array): void => {
    log += typeof text === "string" ? text : decoder.decode(text);
  };
  const { error } = await asc(
    [
      entry,
      `--outFile=${output}`,
      "--optimizeLevel=3",
      "--shrinkLevel=2",
      "--converge",
      // asc takes CI for a terminal.
      "--noColors",
      ...options,
    ],
    { stdout: { write }, stderr: { write }, readFile, listFiles, writeFile: (name, it) => void files.set(name, it) },
  );
  const [bytes, json] = [files.get(output), files.get(`${output}.map`)];
  return {
    ...(error || !(bytes instanceof Uint8Array) ? {} : { bytes: new Uint8Array(bytes) }),
    ...(json === undefined
      ? {}
      : { map: { url: `./${output}.map`, json: typeof json === "string" ? json : decoder.decode(json) } }),
    log: withoutStack(log).trim() || (error?.message ?? ""),
    error,
  };
}

/** If asc fails for another reason than the source, it prints its stack, and ours. */
const withoutStack = (log: string): string => log.replaceAll(/^ {4}at .*\n?/gm, "");

/** The options of an asconfig.json as arguments. */
export const optionsOf = (options: AscOptions): string[] =>
  Object.entries(options).flatMap(([name, value]) => {
    if (typeof value === "boolean") return value ? [`--${name}`] : [];
    return (Array.isArray(value) ? value : [value]).flatMap((it) => [`--${name}`, String(it)]);
  });
