import { abortSignal, flag, method, oneOf, OptionError, requireOptions } from "@wasi-kit/wasi/option-rules";
import type { OptionRule, OptionRules } from "@wasi-kit/wasi/option-rules";
import { BuildError } from "./error.ts";
import { languages } from "./languages/index.ts";
import type { Buildable } from "./record/sources.ts";

/** What to build, where to, and how. */
export type BuildTarget = Buildable & {
  /** Builds it even if the module is current. Default: `false`. */
  force?: boolean;
  /** Called with a line for what is installed, and for a compiler's warnings. Default: they are dropped. */
  log?: (line: string) => void;
  /** Ends the build: the compiler if it is a process, or else before the module is written. Default: nothing. */
  signal?: AbortSignal;
};

const text: OptionRule = ["a string", (value) => typeof value === "string"];
const texts: OptionRule = [
  "an array of strings with one at least",
  (value) => Array.isArray(value) && value.length > 0 && value.every((it) => typeof it === "string"),
];

const common = {
  dir: text,
  module: text,
  debug: flag,
  force: flag,
  log: method,
  signal: abortSignal,
} as const satisfies Readonly<Record<string, OptionRule>>;

type Options<Part> = Extract<BuildTarget, Part>;

/** What each option of a build may be that a compiler makes. */
export const languageBuildRules: OptionRules<Options<{ language: unknown }>> = {
  ...common,
  language: oneOf(...Object.keys(languages)),
  source: text,
};

/** What each option of a build may be that a command makes. */
export const commandBuildRules: OptionRules<Options<{ command: unknown }>> = {
  ...common,
  command: texts,
  inputs: texts,
};

const optional: ReadonlySet<string> = new Set(["debug", "force", "log", "signal"]);

/**
 * Checks what is to be built, so that a misspelt option is an error and not a build without it.
 *
 * @param whose - the function that it is given to, for messages
 * @throws BuildError `E_OPTION`
 */
export function checkBuildTarget(target: BuildTarget, whose: string): void {
  const rules = rulesOf(target);
  try {
    requireOptions<object>(target, rules, whose);
  } catch (cause) {
    if (!(cause instanceof OptionError)) throw cause;
    throw new BuildError("E_OPTION", cause.message);
  }
  for (const [name, [expected]] of Object.entries<OptionRule>(rules)) {
    if (optional.has(name) || target[name as keyof BuildTarget] !== undefined) continue;
    throw new BuildError("E_OPTION", `${whose} needs ${name}: ${expected}.`);
  }
}

const rulesOf = (target: unknown): OptionRules<object> =>
  typeof target === "object" && target !== null && "command" in target ? commandBuildRules : languageBuildRules;
