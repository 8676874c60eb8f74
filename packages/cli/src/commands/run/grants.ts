import type { Preopen, SyncRunOptions } from "@wasi-kit/runner";
import { UsageError } from "../../command-line/command.ts";
import type { ParsedArgs } from "../../command-line/command.ts";

const accesses = { ro: "read-only", rw: "read-write", cow: "copy-on-write" } as const;

/** Options that are one value each: what the runner calls it, how it is parsed, and what is expected. */
const valueOptions: Readonly<
  Record<string, readonly [key: keyof SyncRunOptions, parse: (text: string) => unknown, expected: string]>
> = {
  timeout: ["timeoutMs", milliseconds, "milliseconds, such as --timeout 1000"],
  "max-memory": ["maxMemoryBytes", bytes, "bytes, such as --max-memory 64MiB"],
  "max-output": ["maxOutputBytes", bytes, "bytes, such as --max-output 1MiB"],
  seed: ["randomSeed", wholeNumber, "a whole number, such as --seed 42"],
  clock: ["clock", clockFrom, "a time, such as --clock 2020-07-01T00:00:00Z"],
};

function wholeNumber(text: string): number | undefined {
  const number = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
}

function milliseconds(text: string): number | undefined {
  const number = wholeNumber(text) ?? 0;
  return number > 0 && number <= 0xffff_ffff ? number : undefined;
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
export const grantOptions: readonly string[] = ["dir", "env", "argv0", ...Object.keys(valueOptions)];

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
    ...parseValueOptions(values),
    preopens: { ...declared.preopens, ...Object.fromEntries(list(values["dir"]).map(parseDirectory)) },
    env: { ...declared.env, ...Object.fromEntries(list(values["env"]).flatMap(parseVariable)) },
    ...(values["argv0"] === undefined ? {} : { argv0: values["argv0"] as string }),
  };
}

const list = (value: ParsedArgs["values"][string]): string[] => (value ?? []) as string[];

function parseDirectory(text: string): [guest: string, preopen: Preopen] {
  const [path = "", guest = path, access = "rw", ...extra] = text.split("::");
  if (path === "" || guest === "" || !Object.hasOwn(accesses, access) || extra.length > 0) {
    throw new UsageError(
      `--dir ${text}: expected HOST::GUEST, HOST::GUEST::ro or HOST::GUEST::cow, such as --dir ./data::/sandbox::ro`,
    );
  }
  return [guest, { path, access: accesses[access as keyof typeof accesses] }];
}

function parseVariable(text: string): [name: string, value: string][] {
  const split = text.indexOf("=");
  if (split === 0) throw new UsageError(`--env ${text}: expected NAME=VALUE, or NAME alone to pass on the host's`);
  if (split > 0) return [[text.slice(0, split), text.slice(split + 1)]];
  const value = process.env[text];
  return value === undefined ? [] : [[text, value]];
}
