/** What an explanation can be about. */
export type Topic =
  | "directories"
  | "arguments"
  | "variables"
  | "recursion"
  | "threads"
  | "sockets"
  | "memory"
  | "other hosts"
  | "backtraces"
  | "stdin"
  | "sleeping";

/** Words that give a topic away. One that is not listed with a failure must not be mentioned after it. */
export const topics: Readonly<Record<Topic, RegExp>> = {
  directories: /grant|--dir|preopen/,
  arguments: /its arguments/,
  variables: /variable/,
  recursion: /recursion/,
  threads: /thread/i,
  sockets: /socket/,
  memory: /memory/,
  "other hosts": /Emscripten|wasm-bindgen|wasi-sdk|JavaScript|\bGo\b/,
  backtraces: /--debug/,
  stdin: /stdin/,
  sleeping: /sleeping/,
};

/** A program that fails, and what has to be said of it. */
export interface Failure {
  readonly source: string;
  /** Options of `wasi-kit run` before the module. */
  readonly options?: readonly string[];
  /** What the guest gets. */
  readonly args?: readonly string[];
  /** Files and folders (a name that ends with `/`) in the working directory. */
  readonly files?: readonly string[];
  readonly exitCode: number;
  /** Parts of the truth, each of which is said. None: nothing is said at all. */
  readonly says: readonly (string | RegExp)[];
  /** What the explanation may be about. */
  readonly topics?: readonly Topic[];
  /** What would be false, apart from what is about other topics. */
  readonly never?: RegExp;
}

/** Failures by what is wrong. */
export type Failures = Readonly<Record<string, Failure>>;
