import type { Run } from "./schema.ts";

/** A kind of grant and, a line each, what was granted of it; `["none"]` where nothing was. */
export type Grant = readonly [kind: string, lines: readonly string[]];

/** What a run grants, as it stands in the manifest and as a person reads it. */
export function describeGrants({
  preopens = {},
  args = [],
  argv0,
  env = {},
  inheritEnv = [],
  stdin,
  wasi,
}: Run): Grant[] {
  const grants: Grant[] = [
    ["preopens", Object.entries(preopens).map(([guest, host]) => `${guest} = ${describePreopen(host)}`)],
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
      stdin === undefined ? [] : [typeof stdin === "string" ? JSON.stringify(stdin) : `the file ${stdin.file}`],
    ],
  ];
  if (argv0 !== undefined) grants.push(["argv0", [quote(argv0)]]);
  if (wasi === false) grants.push(["imports", []]);
  return grants.map(([kind, lines]) => [kind, lines.length > 0 ? lines : ["none"]]);
}

function describePreopen(preopen: NonNullable<Run["preopens"]>[string]): string {
  if (typeof preopen === "string") return preopen;
  return preopen.access === "read-only" ? `${preopen.path} (read-only)` : preopen.path;
}

/** Text with spaces, quotes or nothing in it is shown in quotes. */
const quote = (text: string): string => (/^[^\s"'\\\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text));
