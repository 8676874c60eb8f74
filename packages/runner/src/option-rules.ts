import { closestMatch } from "leven";
import { WasiKitError } from "./error.ts";

/** What an option may be: in words, and as a test. `undefined` is always allowed, and stands for the default. */
export type OptionRule = readonly [expected: string, allows: (value: unknown) => boolean];

/** A rule for each option of a function. */
export type OptionRules<Options> = Readonly<Record<keyof Options, OptionRule>>;

const isNumber = (value: unknown): value is number => typeof value === "number";
const isString = (value: unknown): value is string => typeof value === "string";
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isFunction = (value: unknown): boolean => typeof value === "function";
const has = (value: unknown, ...names: string[]): boolean => isObject(value) && names.every((name) => name in value);

/** Rules that several options share. */
export const flag: OptionRule = ["true or false", (value) => typeof value === "boolean"];
export const wholeNumber: OptionRule = ["a whole number", Number.isSafeInteger];
export const countingNumber: OptionRule = [
  "a whole number above 0",
  (value) => Number.isSafeInteger(value) && (value as number) > 0,
];
export const bytes: OptionRule = ["a number, 0 or above", (value) => isNumber(value) && value >= 0];
export const milliseconds: OptionRule = [
  "a number above 0 and at most 4294967295",
  (value) => isNumber(value) && value > 0 && value <= 0xffff_ffff,
];
export const text: OptionRule = ["a string", isString];
export const texts: OptionRule = ["an array of strings", (value) => Array.isArray(value) && value.every(isString)];
export const textsByName: OptionRule = [
  "an object whose values are strings",
  (value) => isObject(value) && !Array.isArray(value) && Object.values(value).every(isString),
];
export const directories: OptionRule = [
  'an object by guest path, such as { "/data": "data" }',
  (value) =>
    isObject(value) && !Array.isArray(value) && Object.values(value).every((it) => isString(it) || isObject(it)),
];
export const clockSettings: OptionRule = [
  'an object such as { start: "2020-07-01T00:00:00Z" }',
  (value) => has(value, "start"),
];
export const output: OptionRule = [
  '"capture", a function, or an object such as { fd: 1 }',
  (value) => value === "capture" || isFunction(value) || (has(value, "fd") && isNumber((value as { fd: unknown }).fd)),
];
export const input: OptionRule = [
  "a string, bytes, { file }, { fd }, or { read, poll }",
  (value) =>
    isString(value) ||
    ArrayBuffer.isView(value) ||
    Object.prototype.toString.call(value) === "[object ArrayBuffer]" ||
    has(value, "file") ||
    has(value, "fd") ||
    has(value, "read", "poll"),
];
export const inputOrStream: OptionRule = [
  "a string, bytes, { file }, { fd }, { read, poll }, or a readable stream",
  (value) => input[1](value) || (isObject(value) && Symbol.asyncIterator in value),
];
export const abortSignal: OptionRule = ["an AbortSignal", (value) => has(value, "aborted", "addEventListener")];
export const flagOrFunction: OptionRule = [
  "true, false, or a function",
  (value) => typeof value === "boolean" || isFunction(value),
];

/**
 * Checks options against their rules, so that a misspelt limit is an error and not a run without the limit.
 *
 * @param whose - the function that they are of, for messages
 * @throws WasiKitError `E_OPTION` for an option that there is not, or a value that it can't have
 */
export function checkOptionRules<Options extends object>(
  options: Options,
  rules: OptionRules<Options>,
  whose: string,
): void {
  if (!isObject(options))
    throw new WasiKitError("E_OPTION", `The options of ${whose} are ${show(options)}. They can be an object.`);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof Options] : undefined;
    if (!rule) throw unknownOption(name, Object.keys(rules), whose);
    const [expected, allows] = rule;
    if (!allows(value)) throw new WasiKitError("E_OPTION", `${name} is ${show(value)}. It can be ${expected}.`);
  }
}

function unknownOption(name: string, known: readonly string[], whose: string): WasiKitError {
  const near = closestMatch(name, known, { maxDistance: Math.ceil(name.length / 2) });
  const meant = near === undefined ? "" : ` Did you mean ${near}?`;
  return new WasiKitError("E_OPTION", `${whose} has no option ${name}.${meant}\nIts options: ${known.join(", ")}.`);
}

/** A value in a message. */
function show(value: unknown): string {
  if (isString(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return "an array";
  return isObject(value) ? "an object" : isFunction(value) ? "a function" : String(value);
}
