import type { PreopenedDirectory } from "../descriptor-table.ts";

/** Makes a file, a directory or a link, out of the budget of the preopen that it will be in. @throws WasiError `dquot` */
export function makeName<T>({ files }: PreopenedDirectory, make: () => T): T {
  files?.require(1);
  const made = make();
  files?.take(1);
  return made;
}
