import { randomUUID } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { CreateError } from "./error.ts";
import { shown } from "./place.ts";

/**
 * Writes a file beside and renames it, so that it is never half of one.
 *
 * @throws CreateError `E_WRITE`
 */
export function writeBeside(path: string, text: string): void {
  const beside = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw new CreateError("E_WRITE", `${shown(path)} can't be written (${code}).`, { cause });
  }
}
