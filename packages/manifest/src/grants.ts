import { quote } from "./quote.ts";
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
  clock,
  randomSeed,
  timeoutMs,
  maxMemoryBytes,
  maxOutputBytes,
  wasi,
}: Run): Grant[] {
  const grants: Grant[] = [
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
  const limits = [
    ...(timeoutMs === undefined ? [] : [`${timeoutMs} ms`]),
    ...(maxMemoryBytes === undefined ? [] : [`${maxMemoryBytes} bytes of memory`]),
    ...(maxOutputBytes === undefined ? [] : [`${maxOutputBytes} bytes of output`]),
  ];
  if (limits.length > 0) grants.push(["limits", limits]);
  if (wasi === false) grants.push(["imports", []]);
  return grants.map(([kind, lines]) => [kind, lines.length > 0 ? lines : ["none"]]);
}

function describePreopen(preopen: NonNullable<Run["preopens"]>[string]): string {
  const { path, access } = typeof preopen === "string" ? { path: preopen } : preopen;
  return access === "read-only" ? `${quote(path)} (read-only)` : quote(path);
}
