import { GuestError, inspect, instantiate, parseSignature } from "@wasi-kit/runner";
import type { SyncRunOptions } from "@wasi-kit/runner";
import { unknown, UsageError } from "../../command-line/command.ts";
import { count } from "../../ui/format.ts";
import { print, say } from "../../ui/output.ts";
import { exitStatus } from "./run-target.ts";
import type { RunTarget } from "./run-target.ts";

/** How an argument of each type is read from text. Undefined if it is no such value. */
const readers: Readonly<Record<string, (text: string) => number | bigint | undefined>> = {
  i32: (text) => {
    const value = readInteger(text, 32n);
    return value === undefined ? undefined : Number(value);
  },
  i64: (text) => readInteger(text, 64n),
  f32: readFloat,
  f64: readFloat,
};

/** A whole number that fits, signed or not. */
function readInteger(text: string, bits: bigint): bigint | undefined {
  if (!/^-?(\d+|0x[\da-f]+)$/i.test(text)) return undefined;
  const value = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
  return value >= -(1n << (bits - 1n)) && value < 1n << bits ? value : undefined;
}

function readFloat(text: string): number | undefined {
  if (/^nan$/i.test(text)) return Number.NaN;
  const value = /^-?inf(inity)?$/i.test(text) ? Infinity * (text.startsWith("-") ? -1 : 1) : Number(text);
  return text.trim() === "" || Number.isNaN(value) ? undefined : value;
}

/**
 * Calls a function that a library exports, and prints what it returns, a result a line.
 *
 * @returns the exit code
 * @throws UsageError if there is no such function, or the arguments don't fit its signature
 */
export async function invoke(
  { name: moduleName, bytes }: RunTarget,
  options: SyncRunOptions,
  functionName: string,
): Promise<number> {
  const { args = [], ...granted } = options;
  const source = bytes ?? moduleName;
  const { exports } = await inspect(source);
  const functions = exports.filter(({ kind, signature }) => kind === "function" && signature !== null);
  const found = functions.find(({ name }) => name === functionName);
  if (!found) {
    const names = functions.map(({ name }) => name);
    throw new UsageError(unknown("function", functionName, names.length > 0 ? names : ["none"]));
  }
  const values = readArguments(functionName, found.signature as string, args);
  try {
    const instance = await instantiate<Record<string, (...args: unknown[]) => unknown>>(source, granted);
    try {
      const result = instance.exports[functionName]!(...values);
      const results = Array.isArray(result) ? result : result === undefined ? [] : [result];
      print(results.map((it) => `${String(it)}\n`).join(""));
    } finally {
      instance.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof GuestError)) throw error;
    say("error", error.message);
    return exitStatus(error);
  }
}

function readArguments(name: string, signature: string, args: readonly string[]): (number | bigint)[] {
  const { parameters } = parseSignature(signature);
  const shown = `${name}${signature}`;
  if (args.length !== parameters.length) {
    throw new UsageError(`${shown} takes ${count(parameters.length, "argument")}, and was given ${args.length}.`);
  }
  return parameters.map((type, i) => {
    const text = args[i] as string;
    const value = readers[type]?.(text);
    if (value === undefined) throw new UsageError(`${shown}: argument ${i + 1} is ${text}, expected ${type}.`);
    return value;
  });
}
