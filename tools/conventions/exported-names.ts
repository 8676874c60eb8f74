import type { SourceFile } from "./source-file.ts";

/** Names that several files export on purpose, and why. */
export type SharedNames = Readonly<Record<string, string>>;

/**
 * Finds names that more than one file declares and exports: a reader who knows one meaning of a name would take the
 * other for it.
 *
 * @returns a line for each name, and for each shared one that only one file declares now
 */
export function checkExportedNames(files: readonly SourceFile[], shared: SharedNames): string[] {
  const declaredIn = new Map<string, string[]>();
  for (const { path, declares } of files)
    for (const name of declares) declaredIn.set(name, [...(declaredIn.get(name) ?? []), path]);
  const several = [...declaredIn].filter(([, paths]) => paths.length > 1);
  return [
    ...several
      .filter(([name]) => !Object.hasOwn(shared, name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, paths]) => `\`${name}\` is declared and exported by ${paths.join(", ")}. Give it one meaning.`),
    ...Object.keys(shared)
      .filter((name) => (declaredIn.get(name)?.length ?? 0) < 2)
      .map((name) => `\`${name}\` may be exported by several files, but no two do. Remove it from the shared names.`),
  ];
}
