import { UsageError } from "./command.ts";
import type { ParsedArgs } from "./command.ts";

/**
 * Refuses options that have no effect together with another one: they must not
 * look as if they had.
 *
 * @param names - the options, without their dashes
 * @throws UsageError if one of them was given, or anything after `--`
 */
export function refuseWith(
  option: string,
  { values, rest }: Omit<ParsedArgs, "positionals">,
  names: readonly string[],
): void {
  const given = names.filter((name) => values[name] !== undefined).map((name) => `--${name}`);
  if (rest) given.push("--");
  if (given.length > 0) throw new UsageError(`${given.join(", ")} can't be combined with ${option}.`);
}
