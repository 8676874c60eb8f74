import { closestMatch } from "leven";

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
  /** What its arguments may be, for a shell that completes them. Default: files. */
  completes?: readonly string[];
  /** Whether its options end at this argument: what follows is for the module that the argument names. */
  isModule?(argument: string): boolean;
  /** What its exit codes mean, if they are not the usual ones. */
  exitCodes?: readonly (readonly [code: string, meaning: string])[];
  /** Does it, and returns the exit code. */
  run(input: ParsedArgs): Promise<number>;
}

/** An option, as `parseArgs` of node:util takes it, and what the help says of it. */
export interface Option {
  type: "string" | "boolean";
  multiple?: boolean;
  /** Of a boolean: whether it may have a value, as `--name=VALUE`. */
  mayHaveValue?: boolean;
  /** A letter that stands for it: `h` for `-h`. */
  short?: string;
  /** What the help shows for its value: `HOST::GUEST`. */
  value?: string;
  /** Whether `--help` leaves it out, and only `--help=all` shows it. */
  isRare?: boolean;
  /** What its value may be, for a shell that completes it: runs of a wasi.json, or words. Default: files. */
  completes?: "runs" | readonly string[];
  /** What it does, in a line. */
  about: string;
}

/** A parsed command line. */
export interface ParsedArgs {
  /** The options that were given. */
  values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  /** What comes before `--`, and up to a module. */
  positionals: readonly string[];
  /** What comes after `--` or a module; undefined if there is neither, or nothing after the module. */
  rest: readonly string[] | undefined;
}

/** Thrown for a command line that can't be understood. */
export class UsageError extends Error {
  readonly exitCode = 2;
}

/** Says that there is no such command or option, and which one may have been meant. */
export function unknown(kind: string, name: string, known: readonly string[]): string {
  const nearest = closestMatch(name, known, { maxDistance: Math.ceil(name.length / 3) });
  const hint = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
  return `There is no ${kind} ${name}.${hint} There are: ${known.join(", ")}.`;
}
