import type { SourceFile } from "./source-file.ts";

/**
 * Finds files that import each other, directly or by way of others. Types count, and so does what is imported late,
 * which oxlint's `import/no-cycle` does not see: two files in a circle can only be understood together.
 *
 * @returns a line for each file in a circle that no earlier line names
 */
export function checkImportCircles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const named = new Set<string>();
  return files.flatMap(({ path }) => {
    const circle = named.has(path) ? undefined : findWayBack(path, byPath);
    for (const it of circle ?? []) named.add(it);
    return circle ? [`${circle.join(" -> ")} -> ${path} is a circle. Move what they share to a file of its own.`] : [];
  });
}

/** The shortest way from a file to itself. */
function findWayBack(start: string, byPath: ReadonlyMap<string, SourceFile>): string[] | undefined {
  const ways: string[][] = [[start]];
  const seen = new Set<string>();
  // The list grows while it is walked through.
  for (const way of ways) {
    for (const target of importedBy(byPath.get(way.at(-1) as string))) {
      if (target === start) return way;
      if (!seen.has(target)) ways.push([...way, target]);
      seen.add(target);
    }
  }
  return undefined;
}

const importedBy = (file: SourceFile | undefined): string[] =>
  file?.imports.flatMap(({ file: path }) => path ?? []) ?? [];
