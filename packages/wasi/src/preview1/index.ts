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

/** What a guest is told of its surroundings, and does not change. */
export interface Surroundings {
  /** `argv[0]` first. */
  readonly args: readonly string[];
  /** `NAME=value` each. */
  readonly env: readonly string[];
  readonly random: Random;
}

type Area = (context: CallContext, surroundings: Surroundings) => Partial<Preview1>;

const argsEnviron: Area = (context, { args, env }) => argsEnvironCalls(context, args, env);
const proc: Area = () => procCalls;

/** The specification's areas, by what the names of their functions begin with. */
const areas: Readonly<Record<string, Area>> = {
  args: argsEnviron,
  environ: argsEnviron,
  clock: clockCalls,
  fd: (context) => ({ ...fdCalls(context), ...readWriteCalls(context), ...readdirCalls(context) }),
  path: (context) => ({ ...pathCalls(context), ...pathOpenCalls(context) }),
  poll: pollCalls,
  proc,
  sched: proc,
  random: (context, { random }) => randomCalls(context, random),
  sock: sockCalls,
};

/**
 * Functions of the interface. Each returns an errno, or throws a `WasiError`
 * that stands for one. Only areas that are asked for are made: a short guest
 * uses one or two.
 */
export function preview1Calls(
  context: CallContext,
  surroundings: Surroundings,
  names: readonly FunctionName[],
): Preview1 {
  const made = new Map<string, Partial<Preview1>>();
  const area = (prefix: string): Partial<Preview1> => {
    const known = made.get(prefix);
    if (known) return known;
    const calls = (areas[prefix] as Area)(context, surroundings);
    made.set(prefix, calls);
    return calls;
  };
  const entries = names.map((name) => [name, area(name.slice(0, name.indexOf("_")))[name]]);
  return Object.fromEntries(entries) as Preview1;
}
