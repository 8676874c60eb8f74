/** A command: its options are data, which both the parser and the help read. */
export interface Command {
  /** What follows the command's name, a form a line. */
  usage: readonly string[];
  /** What it does, in a few sentences. */
  about: string;
  /** Its options by long name. */
  options: Readonly<Record<string, Option>>;
  /** Command lines with what they do. */
  examples: readonly (readonly [line: string, what: string])[];
  /** What its exit codes mean, where they are its own. */
  exitCodes?: readonly (readonly [code: string, meaning: string])[];
  /** Does it, and returns the exit code. */
  run(input: Input): Promise<number>;
}

/** An option, as `parseArgs` of node:util takes it, and what the help says of it. */
interface Option {
  type: "string" | "boolean";
  multiple?: boolean;
  /** What stands for its value in the help: `HOST::GUEST`. */
  value?: string;
  /** What it does, in a line. */
  about: string;
}

/** A parsed command line. */
export interface Input {
  /** The options that were given. */
  values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  /** What stood before `--`. */
  positionals: readonly string[];
  /** What stood after `--`; undefined where there was none. */
  rest: readonly string[] | undefined;
}

/** Thrown for a command line that can't be understood. */
export class UsageError extends Error {
  readonly exitCode = 2;
}

/** The commands; each is loaded when it is called. */
export const commands: Readonly<Record<string, { summary: string; load: () => Promise<{ command: Command }> }>> = {
  build: { summary: "Compile examples to .wasm", load: () => import("./commands/build.ts") },
  run: { summary: "Run a module, or a run of an example", load: () => import("./commands/run.ts") },
  list: { summary: "List the examples and their runs", load: () => import("./commands/list.ts") },
  doctor: { summary: "Check the compilers, and provide what is missing", load: () => import("./commands/doctor.ts") },
};
