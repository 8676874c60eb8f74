import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { parseEnv } from "node:util";
import { limitNames } from "@wasi-kit/runner";
import type { Preopen, SyncRunOptions } from "@wasi-kit/runner";
import { unknown, UsageError } from "../../command-line/command.ts";
import type { ParsedArgs } from "../../command-line/command.ts";

const accesses = { ro: "read-only", rw: "read-write", cow: "copy-on-write" } as const;

/** Options that are one value each: what the runner calls it, how it is parsed, and what is expected. */
const valueOptions: Readonly<
  Record<string, readonly [key: keyof SyncRunOptions, parse: (text: string) => unknown, expected: string]>
> = {
  timeout: ["timeoutMs", milliseconds, "a time, such as --timeout 500ms, 5s or 2m; a bare number is milliseconds"],
  "max-memory": ["maxMemoryBytes", bytes, "bytes, such as --max-memory 64MiB"],
  "max-output": ["maxOutputBytes", bytes, "bytes, such as --max-output 1MiB"],
  seed: ["randomSeed", wholeNumber, "a whole number, such as --seed 42"],
  clock: ["clock", clockFrom, "a time, such as --clock 2020-07-01T00:00:00Z"],
};

function wholeNumber(text: string): number | undefined {
  const number = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
}

const timeUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

function milliseconds(text: string): number | undefined {
  const [, number = "0", unit = "ms"] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? [];
  const time = Math.round(Number(number) * (timeUnits[unit] as number));
  return time > 0 && time <= 0xffff_ffff ? time : undefined;
}

const units: Readonly<Record<string, number>> = { "": 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

function bytes(text: string): number | undefined {
  const [, number = "", unit = ""] = /^(\d+) ?([KMG]iB)?$/.exec(text) ?? [];
  return number === "" ? undefined : Number(number) * (units[unit] as number);
}

function clockFrom(text: string): SyncRunOptions["clock"] {
  return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text)) ? { start: text } : undefined;
}

/** The options that grant or limit something. */
export const grantOptions: readonly string[] = [
  "dir",
  "env",
  "env-file",
  "argv0",
  "limit",
  ...Object.keys(valueOptions),
];

/** The values of limits by the ends of their names, and what is expected of each. */
const limitValues: readonly (readonly [name: RegExp, parse: (text: string) => number | undefined, expected: string])[] =
  [
    [/Ms$/, milliseconds, "a time, such as 500ms, 5s or 2m"],
    [/Bytes$/, bytes, "bytes, such as 64MiB"],
    [/$/, (text) => (/^\d+$/.test(text) ? wholeNumber(text) : undefined), "a whole number"],
  ];

function parseLimit(text: string): [name: string, value: number] {
  const [name = "", value = ""] = text.split("=", 2);
  if (!limitNames.some((it) => it === name))
    throw new UsageError(`--limit ${text}: ${unknown("limit", name, limitNames)}`);
  const [, parse, expected] = limitValues.find(([names]) => names.test(name)) as (typeof limitValues)[number];
  const number = parse(value);
  if (number === undefined) throw new UsageError(`--limit ${text}: expected ${expected} after ${name}=`);
  return [name, number];
}

function parseValueOptions(values: ParsedArgs["values"]): SyncRunOptions {
  const given = Object.entries(valueOptions).flatMap(([name, [key, parse, expected]]) => {
    const text = values[name] as string | undefined;
    if (text === undefined) return [];
    const value = parse(text);
    if (value === undefined) throw new UsageError(`--${name} ${text}: expected ${expected}`);
    return [[key, value]];
  });
  return Object.fromEntries(given) as SyncRunOptions;
}

/**
 * What options grant, on top of what the wasi.json does.
 *
 * @throws UsageError if one of them is not as it has to be
 */
export function parseGrants(values: ParsedArgs["values"], declared: SyncRunOptions): SyncRunOptions {
  return {
    ...Object.fromEntries(list(values["limit"]).map(parseLimit)),
    ...parseValueOptions(values),
    preopens: { ...declared.preopens, ...parseDirectories(list(values["dir"])) },
    env: {
      ...declared.env,
      ...Object.assign({}, ...list(values["env-file"]).map(readEnvFile)),
      ...Object.fromEntries(list(values["env"]).flatMap(parseVariable)),
    },
    ...(values["argv0"] === undefined ? {} : { argv0: values["argv0"] as string }),
  };
}

const list = (value: ParsedArgs["values"][string]): string[] => (value ?? []) as string[];

function parseDirectories(texts: readonly string[]): Record<string, Preopen> {
  const preopens = new Map<string, Preopen>();
  const guestPaths = new Set<string>();
  for (const text of texts) {
    const [guest, preopen] = parseDirectory(text);
    // /data and /data/ are one path.
    const path = posix.resolve("/", guest);
    if (guestPaths.has(path))
      throw new UsageError(`--dir ${text}: ${guest} is granted already, and can be one directory.`);
    guestPaths.add(path);
    preopens.set(guest, preopen);
  }
  return Object.fromEntries(preopens);
}

function parseDirectory(text: string): [guest: string, preopen: Preopen] {
  const [path = "", guest = path, access = "rw", ...extra] = text.split("::");
  if (path === "" || guest === "" || !Object.hasOwn(accesses, access) || extra.length > 0) {
    throw new UsageError(
      `--dir ${text}: expected HOST::GUEST, HOST::GUEST::ro or HOST::GUEST::cow, such as --dir ./data::/sandbox::ro`,
    );
  }
  if (!text.includes("::")) checkColon(text);
  return [guest, { path, access: accesses[access as keyof typeof accesses] }];
}

/** Docker has one colon between the paths: without a folder of that very name, it is meant here as well. */
function checkColon(text: string): void {
  const [host = "", guest = "", ...access] = text.split(":");
  // C:\data has a colon of its own.
  if (guest === "" || process.platform === "win32" || existsSync(text)) return;
  const meant = [host, guest, ...access].join("::");
  throw new UsageError(`--dir ${text}: two colons separate the paths, as in --dir ${meant}`);
}

/** The variables of a file, as `node --env-file` reads it. */
function readEnvFile(file: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(file, "utf8"));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(`--env-file ${file}: this file can't be read (${code}).`);
  }
}

function parseVariable(text: string): [name: string, value: string][] {
  const split = text.indexOf("=");
  if (split === 0) throw new UsageError(`--env ${text}: expected NAME=VALUE, or NAME alone to pass on the host's`);
  if (split > 0) return [[text.slice(0, split), text.slice(split + 1)]];
  const value = process.env[text];
  return value === undefined ? [] : [[text, value]];
}
