import { describeLimit, runLimitNames } from "./limits.ts";
import type { RunLimitName } from "./limits.ts";
import { quote } from "./quote.ts";
import type { Files, Run } from "./schema.ts";

/** A kind of grant and, a line each, what was granted of it; `["none"]` if nothing was. */
export type DescribedGrant = readonly [kind: string, lines: readonly string[]];

/** What a run grants, as a person reads it. */
export function describeGrants({
  preopens = {},
  args = [],
  argv0,
  env = {},
  inheritEnv = [],
  stdin,
  clock,
  randomSeed,
  wasi,
  ...others
}: Run): DescribedGrant[] {
  const grants: DescribedGrant[] = [
    ["preopens", Object.entries(preopens).map(([guest, host]) => `${quote(guest)} = ${describePreopen(host)}`)],
    ["args", args.length > 0 ? [args.map(quote).join(" ")] : []],
    [
      "env",
      [
        ...inheritEnv.map((name) => `${name} (the host's)`),
        ...Object.entries(env).map(([name, value]) => `${name}=${quote(value)}`),
      ],
    ],
    [
      "stdin",
      stdin === undefined ? [] : [typeof stdin === "string" ? JSON.stringify(stdin) : `the file ${quote(stdin.file)}`],
    ],
  ];
  if (argv0 !== undefined) grants.push(["argv0", [quote(argv0)]]);
  if (clock) grants.push(["clock", [`from ${clock.start}, ${clock.stepMs ?? 1} ms a reading`]]);
  if (randomSeed !== undefined) grants.push(["random", [`seed ${randomSeed}`]]);
  const limits = describeLimits(others);
  if (limits.length > 0) grants.push(["limits", limits]);
  if (wasi === false) grants.push(["imports", []]);
  return grants.map(([kind, lines]) => [kind, lines.length > 0 ? lines : ["none"]]);
}

function describePreopen(preopen: NonNullable<Run["preopens"]>[string]): string {
  if (typeof preopen === "string") return quote(preopen);
  const { access = "read-write" } = preopen;
  const limits = describeLimits(preopen);
  const details = [
    ...(access === "read-write" ? [] : [access]),
    ...(limits.length > 0 ? [`at most ${limits.join(", ")}`] : []),
  ];
  const what = "files" in preopen ? `${count(preopen.files)} in memory` : quote(preopen.path);
  return details.length > 0 ? `${what} (${details.join("; ")})` : what;
}

/** The limits that are set, one text each. */
const describeLimits = (limited: { readonly [Name in RunLimitName]?: number | undefined }): string[] =>
  runLimitNames.flatMap((name) => (limited[name] === undefined ? [] : [describeLimit(name, limited[name])]));

function count(files: Files): string {
  const number = (it: Files): number =>
    Object.values(it).reduce((sum, entry) => sum + (typeof entry === "string" ? 1 : number(entry)), 0);
  return number(files) === 1 ? "1 file" : `${number(files)} files`;
}
