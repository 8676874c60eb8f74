import { isAbsolute, relative, sep } from "node:path";

/** The relative path of what is below a folder; undefined if it is not below it. */
export function pathInside(folder: string, path: string): string | undefined {
  const inside = relative(folder, path);
  return inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? undefined : inside;
}
