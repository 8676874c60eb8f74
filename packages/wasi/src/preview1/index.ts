import type { FunctionName, Preview1 } from "../abi/functions.ts";
import type { Random } from "../random.ts";
import { argsEnvironCalls } from "./args-environ.ts";
import type { CallContext } from "./call-context.ts";
import { clockCalls } from "./clock.ts";
import { fdCalls } from "./fd.ts";
import { readWriteCalls } from "./fd-read-write.ts";
import { pathCalls } from "./path.ts";
import { pathOpenCalls } from "./path-open.ts";
import { pollCalls } from "./poll.ts";
import { procCalls } from "./proc.ts";
import { randomCalls } from "./random.ts";
import { readdirCalls } from "./readdir.ts";
import { sockCalls } from "./sock.ts";

/** What a guest reads of its surroundings and can't change. */
export interface Surroundings {
  /** `argv[0]` first. */
  readonly args: readonly string[];
  /** `NAME=value` each. */
  readonly env: readonly string[];
  readonly random: Random;
}

type Area = (context: CallContext, surroundings: Surroundings) => Partial<Preview1>;

/** The areas of the specification, by the names of their functions. The first match counts. */
const areas: readonly (readonly [names: RegExp, area: Area])[] = [
  [/^(args|environ)_/, (context, { args, env }) => argsEnvironCalls(context, args, env)],
  [/^clock_/, clockCalls],
  [/^fd_p?(read|write)$/, readWriteCalls],
  [/^fd_readdir$/, readdirCalls],
  [/^fd_/, fdCalls],
  [/^path_open$/, pathOpenCalls],
  [/^path_/, pathCalls],
  [/^poll_/, pollCalls],
  [/^(proc|sched)_/, () => procCalls],
  [/^random_/, (context, { random }) => randomCalls(context, random)],
  [/^sock_/, sockCalls],
];

const areaOf = (name: FunctionName): Area => (areas.find(([names]) => names.test(name)) as (typeof areas)[number])[1];

/**
 * Functions of the interface. Each returns an errno, or throws a `WasiError`.
 * Only the areas of the given names are created: a small guest uses one or two.
 */
export function preview1Calls(
  context: CallContext,
  surroundings: Surroundings,
  names: readonly FunctionName[],
): Preview1 {
  const made = new Map<Area, Partial<Preview1>>();
  const entries = names.map((name) => {
    const area = areaOf(name);
    const calls = made.get(area) ?? area(context, surroundings);
    made.set(area, calls);
    return [name, calls[name]] as const;
  });
  return Object.fromEntries(entries) as unknown as Preview1;
}
