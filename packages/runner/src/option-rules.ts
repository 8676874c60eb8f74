import { OptionError, requireOptions } from "@wasi-kit/wasi";
import type { OptionRule, OptionRules } from "@wasi-kit/wasi";
import { WasiKitError } from "./error.ts";
import { isInputStream, isOutputStream } from "./stdio/streams.ts";

export { abortSignal, flag } from "@wasi-kit/wasi";
export type { OptionRules } from "@wasi-kit/wasi";

const isNumber = (value: unknown): value is number => typeof value === "number";
const isString = (value: unknown): value is string => typeof value === "string";
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isFunction = (value: unknown): boolean => typeof value === "function";
const has = (value: unknown, ...names: string[]): boolean => isObject(value) && names.every((name) => name in value);

/** Rules that several options share. */
export const wholeNumber: OptionRule = ["a whole number", Number.isSafeInteger];
export const countingNumber: OptionRule = [
  "a whole number above 0",
  (value) => Number.isSafeInteger(value) && (value as number) > 0,
];
export const bytes: OptionRule = ["a number, 0 or above", (value) => isNumber(value) && value >= 0];
export const amount: OptionRule = [
  "a whole number, 0 or above, or Infinity",
  (value) => isNumber(value) && value >= 0 && (Number.isSafeInteger(value) || value === Infinity),
];
export const milliseconds: OptionRule = [
  "a number above 0 and at most 4294967295, or Infinity",
  (value) => isNumber(value) && value > 0 && (value <= 0xffff_ffff || value === Infinity),
];
export const text: OptionRule = ["a string", isString];
/** For what is checked elsewhere. */
export const anything: OptionRule = ["anything", () => true];
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
export const filesByName: OptionRule = [
  'an object by name, such as { "in.txt": "text" }',
  (value) => isObject(value) && !Array.isArray(value),
];
export const fileSystem: OptionRule = ["a file system: an object with a method open()", (value) => has(value, "open")];
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
export const outputOrStream: OptionRule = [
  '"capture", a function, a writable stream, or an object such as { fd: 1 }',
  (value) => output[1](value) || isOutputStream(value),
];
export const inputOrStream: OptionRule = [
  "a string, bytes, { file }, { fd }, { read, poll }, or a readable stream",
  (value) => input[1](value) || isInputStream(value),
];
export const functionsByName: OptionRule = [
  "functions by module and name, such as { env: { log() {} } }, or a function that makes them",
  (value) => isFunction(value) || (isObject(value) && !Array.isArray(value) && !has(value, "href")),
];
export const functionsOrModule: OptionRule = [
  `${functionsByName[0]}, or the path or URL of a module of JavaScript`,
  (value) => isString(value) || has(value, "href") || functionsByName[1](value),
];
export const flagOrFunction: OptionRule = [
  "true, false, or a function",
  (value) => typeof value === "boolean" || isFunction(value),
];

export const recording: OptionRule = [
  'true, false, or "with-module"',
  (value) => typeof value === "boolean" || value === "with-module",
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
  try {
    requireOptions(options, rules, whose);
  } catch (cause) {
    if (!(cause instanceof OptionError)) throw cause;
    throw new WasiKitError("E_OPTION", cause.message);
  }
}
