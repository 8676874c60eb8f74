import { readFileSync, realpathSync } from "node:fs";
import { replaceFile } from "@wasi-kit/compiler/system";
import { UsageError } from "../../command-line/command.ts";

/**
 * Replaces the text of a wasi.json in one step. A link stays, and what it leads
 * to is replaced.
 *
 * @param before - what was read of it
 * @throws UsageError if it holds something else by now, or can't be written
 */
export function replaceManifest(path: string, before: string, after: string): void {
  if (readFileSync(path, "utf8") !== before)
    throw new UsageError(`${path} was changed while it was audited, and was left as it is. Audit it again.`);
  try {
    replaceFile(realpathSync(path), after);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(
      `${path} can't be written (${code}). It is as it was.\nWhat it could hold: wasi-kit audit, without --write, prints it.`,
      { cause },
    );
  }
}
