import { UsageError } from "./command.ts";
import type { Input } from "./command.ts";

/** With --watch, each run has what its manifest grants; what is not heeded must not look as if it were. */
export function refuseWithWatch(values: Input["values"], names: readonly string[], rest?: readonly string[]): void {
  const given = names.filter((name) => values[name] !== undefined).map((name) => `--${name}`);
  if (rest) given.push("--");
  if (given.length > 0) throw new UsageError(`${given.join(", ")} can't be combined with --watch.`);
}
