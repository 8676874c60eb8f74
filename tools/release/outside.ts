import { lstatSync, readdirSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";

/**
 * What in the folders of packages of a project leads out of the folder that the project was made in: a link into the
 * workspace would make everything work that was never published.
 *
 * @param within - the folder that has all that the project needs
 * @returns the paths, and where they lead to
 */
export function leadsOutside(project: string, within: string): string[] {
  const inside = realpathSync(within) + sep;
  return listLinks(join(project, "node_modules"))
    .map((path) => [path, realpathSync(path)] as const)
    .filter(([, real]) => !`${real}${sep}`.startsWith(inside))
    .map(([path, real]) => `${path} -> ${real}`);
}

/** Packages, and links to them or to commands, in folders of packages: those of packages as well. */
function listLinks(folder: string): string[] {
  const found: string[] = [];
  for (const { name } of readdirIfThere(folder)) {
    const path = join(folder, name);
    if (lstatSync(path).isSymbolicLink()) found.push(path);
    else if (name.startsWith("@") || name === ".bin" || name === ".pnpm") found.push(...listLinks(path));
    else found.push(...listLinks(join(path, "node_modules")));
  }
  return found;
}

function readdirIfThere(folder: string): { name: string }[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}
