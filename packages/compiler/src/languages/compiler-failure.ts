import { BuildError } from "../error.ts";

/** What to do about what a compiler says; the first that fits. A line may be made of what the pattern's group found. */
export type Advice = readonly (readonly [said: RegExp, line: string | ((found: string) => string)])[];

/**
 * The error of a compiler: what it says, and a line on what to do, if one is known.
 *
 * @param shown - what it says as it is shown. Default: as it is
 * @param cause - what a compiler in this process has thrown
 */
export function compilerFailure(
  headline: string,
  said: string,
  advice: Advice,
  { shown = said, cause }: { shown?: string; cause?: unknown } = {},
): BuildError {
  const message = [`${headline}:`, shown, ...adviceOn(said, advice)].join("\n");
  return new BuildError("E_COMPILE", message, cause === undefined ? {} : { cause });
}

function adviceOn(said: string, advice: Advice): string[] {
  for (const [pattern, line] of advice) {
    const found = pattern.exec(said);
    if (found) return [typeof line === "string" ? line : line(found[1] as string)];
  }
  return [];
}
