import type { SourceFile, When } from "./source-file.ts";

/** A package of this repository, and what its sources import. */
export interface SourcePackage {
  name: string;
  /** Its folder from the repository's root. */
  folder: string;
  /** The names of the packages in its package.json that it needs at run time. */
  dependencies: readonly string[];
  files: readonly SourceFile[];
}

/** Which package may import which, by name, and how early. */
export type Arrows = Readonly<Record<string, PackageArrows>>;

type PackageArrows = Readonly<Record<string, When>>;

/** What an arrow allows: a package that may be loaded at once may also be loaded late. */
const allows: Readonly<Record<When, readonly When[]>> = {
  "at once": ["at once", "late", "types only"],
  late: ["late", "types only"],
  "types only": ["types only"],
};

/**
 * Compares what packages import with the arrows that are drawn between them.
 *
 * @returns a line for each import against the arrows, and for each arrow that nothing needs
 */
export function checkPackageArrows(packages: readonly SourcePackage[], arrows: Arrows): string[] {
  return packages.flatMap((it) => {
    const own = arrows[it.name];
    if (!own) return [`${it.name} has no arrows. Draw them in tools/conventions/arrows.ts and ARCHITECTURE.md.`];
    return [...checkImports(it, arrows, own), ...checkDependencies(it, arrows, own)];
  });
}

function checkImports({ name, folder, files }: SourcePackage, arrows: Arrows, own: PackageArrows): string[] {
  const withEntries = loadedWithEntries(files);
  return files.flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier, file, when }) => {
      if (file !== undefined)
        return file.startsWith(`${folder}/`) ? [] : [`${path} imports ${file}, which is not in its package.`];
      const target = packageOf(specifier);
      if (!Object.hasOwn(arrows, target)) return [];
      const allowed = own[target];
      if (!allowed) return [`${path} imports ${target}. No arrow leads there from ${name}.`];
      const earliest = when === "at once" && !withEntries.has(path) ? "late" : when;
      if (allows[allowed].includes(earliest)) return [];
      return [`${path} imports ${target} ${earliest}. The arrow from ${name} is: ${allowed}.`];
    }),
  );
}

function checkDependencies({ name, dependencies, files }: SourcePackage, arrows: Arrows, own: PackageArrows): string[] {
  const imported = new Set(files.flatMap(({ imports }) => imports.map(({ specifier }) => packageOf(specifier))));
  return [
    ...dependencies
      .filter((it) => Object.hasOwn(arrows, it) && !Object.hasOwn(own, it))
      .map((it) => `${name} depends on ${it}. No arrow leads there.`),
    ...Object.keys(own)
      .filter((it) => !imported.has(it))
      .map((it) => `${name} does not import ${it}. Remove the arrow.`),
  ];
}

/** The files that are loaded with a package's entries. An entry is a file that no other one imports. */
function loadedWithEntries(files: readonly SourceFile[]): ReadonlySet<string> {
  const importsOf = new Map(
    files.map(({ path, imports }) => [path, imports.filter(({ when }) => when !== "types only")]),
  );
  const imported = new Set([...importsOf.values()].flat().map(({ file }) => file));
  const loaded = new Set(files.map(({ path }) => path).filter((path) => !imported.has(path)));
  // A set that grows while it is walked through: its new members come last.
  for (const path of loaded) {
    for (const { file, when } of importsOf.get(path) ?? []) if (file && when === "at once") loaded.add(file);
  }
  return loaded;
}

/** The package that a specifier names: `@wasi-kit/wasi` of `@wasi-kit/wasi/abi`. */
const packageOf = (specifier: string): string => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
