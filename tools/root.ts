import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder: the one above this file, as source or compiled, that the workspace is declared in. */
export const root: string = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  return existsSync(join(folder, "pnpm-workspace.yaml")) ? folder : findRoot(dirname(folder));
}
