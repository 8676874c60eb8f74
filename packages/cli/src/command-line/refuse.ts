import { UsageError } from "./command.ts";
import type { ParsedArgs } from "./command.ts";
import { commonOptions } from "./common-options.ts";

/**
 * Refuses what has no effect together with an option: it must not look as if it
 * had. What may go with it is listed, so that a new option is refused until it is.
 *
 * @param option - without its dashes
 * @param allowed - the options that may go with it; those of every command always may
 * @throws UsageError if another one was given, or anything after `--`
 */
export function refuseWith(
  option: string,
  { values, rest }: Omit<ParsedArgs, "positionals">,
  allowed: readonly string[] = [],
): void {
  const mayBeGiven = new Set([option, ...allowed, ...Object.keys(commonOptions)]);
  const refused = Object.keys(values).filter((name) => values[name] !== undefined && !mayBeGiven.has(name));
  const shown = [...refused.toSorted().map((name) => `--${name}`), ...(rest ? ["--"] : [])];
  if (shown.length > 0) throw new UsageError(`${shown.join(", ")} can't be combined with --${option}.`);
}
