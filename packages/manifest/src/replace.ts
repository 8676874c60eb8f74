import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { ManifestError } from "./error.ts";

/**
 * Puts a text in place of a file's: it is written beside and renamed, so that
 * there is never half of it. A link stays, and what it leads to is replaced.
 *
 * @param before - what the file holds, as far as is known
 * @throws ManifestError where it holds something else by now, or can't be written
 */
export function replaceText(path: string, before: string, after: string): void {
  if (readFileSync(path, "utf8") !== before)
    throw new ManifestError(`${path} was changed while it was audited, and was left as it is. Audit it again.`);
  const target = realpathSync(path);
  const beside = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, after);
    chmodSync(beside, statSync(target).mode);
    renameSync(beside, target);
  } catch (cause) {
    rmSync(beside, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw new ManifestError(
      `${path} can't be written (${code}). It is as it was.\nWhat it could hold: wasi-kit audit, without --write, prints it.`,
      { cause },
    );
  }
}
