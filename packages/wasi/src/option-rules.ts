import { closestMatch } from "leven";

/** What an option may be: in words, and as a test. `undefined` is always allowed, and stands for the default. */
export type OptionRule = readonly [expected: string, allows: (value: unknown) => boolean];

/** A rule for each option of a function. */
export type OptionRules<Options> = Readonly<Record<keyof Options, OptionRule>>;

/** Thrown for an option that there is not, or a value that it can't have. */
export class OptionError extends Error {
  /** What went wrong, for programs. */
  readonly code = "E_OPTION";
  /** The exit status that stands for it on a command line. */
  readonly exitCode = 2;

  constructor(message: string) {
    super(message);
    this.name = "OptionError";
  }
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Rules that options of several functions share. */
export const flag: OptionRule = ["true or false", (value) => typeof value === "boolean"];
export const size: OptionRule = ["a number, 0 or above", (value) => typeof value === "number" && value >= 0];
export const array: OptionRule = ["an array", Array.isArray];
export const object: OptionRule = ["an object", (value) => isObject(value) && !Array.isArray(value)];
export const abortSignal: OptionRule = [
  "an AbortSignal",
  (value) => isObject(value) && "aborted" in value && "addEventListener" in value,
];
export const method: OptionRule = ["a function", (value) => typeof value === "function"];
export const oneOf = (...names: readonly string[]): OptionRule => [
  names.map((name) => JSON.stringify(name)).join(" or "),
  (value) => names.includes(value as string),
];

/**
 * Checks options against their rules, so that a misspelt limit is an error and not a call without the limit.
 *
 * @param whose - the function that they are of, for messages
 * @throws OptionError for an option that there is not, or a value that it can't have
 */
export function requireOptions<Options extends object>(
  options: Options,
  rules: OptionRules<Options>,
  whose: string,
): void {
  if (!isObject(options))
    throw new OptionError(`The options of ${whose} are ${showValue(options)}. They can be an object.`);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof Options] : undefined;
    if (!rule) throw unknownOption(name, Object.keys(rules), whose);
    const [expected, allows] = rule;
    if (!allows(value)) throw new OptionError(`${name} is ${showValue(value)}. It can be ${expected}.`);
  }
}

function unknownOption(name: string, known: readonly string[], whose: string): OptionError {
  // A unit is forgotten more often than several letters are mistyped.
  const near =
    known.find((it) => it.startsWith(name)) ?? closestMatch(name, known, { maxDistance: Math.ceil(name.length / 3) });
  const meant = near === undefined ? "" : ` Did you mean ${near}?`;
  return new OptionError(`${whose} has no option ${name}.${meant}\nIts options: ${known.join(", ")}.`);
}

/** A value in a message. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return "an array";
  return isObject(value) ? "an object" : typeof value === "function" ? "a function" : String(value);
}
