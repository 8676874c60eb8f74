import { dirname, join } from "node:path";
import { parseSync } from "oxc-parser";

/** What a source file takes from other modules, and what it gives them. */
export interface SourceFile {
  /** Its path from the repository's root. */
  path: string;
  imports: readonly Import[];
  /** The names that it declares and exports, each once, however many overloads it has. */
  declares: readonly string[];
}

/** Something that a source file imports, or exports from elsewhere. */
interface Import {
  /** As it is written: `./frame.ts`, `@wasi-kit/wasi/abi`. */
  specifier: string;
  /** The file that a relative specifier leads to, from the repository's root. */
  file?: string;
  when: When;
}

/** When an import is loaded: with the file, when a statement gets to it, or never, since it is for types only. */
export type When = "at once" | "late" | "types only";

/**
 * Reads the imports and exports of a TypeScript file.
 *
 * @throws Error if the text is not TypeScript
 */
export function parseSource(path: string, text: string): SourceFile {
  const { module, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const exported = module.staticExports.flatMap(({ entries }) => entries);
  const own = exported.filter(({ moduleRequest }) => !moduleRequest);
  const toImport = (specifier: string, when: When): Import =>
    specifier.startsWith(".") ? { specifier, when, file: join(dirname(path), specifier) } : { specifier, when };
  return {
    path,
    imports: [
      ...module.staticImports.map(({ moduleRequest, entries }) => {
        const isForTypes = entries.length > 0 && entries.every(({ isType }) => isType);
        return toImport(moduleRequest.value, isForTypes ? "types only" : "at once");
      }),
      ...exported.flatMap(({ moduleRequest, isType }) =>
        moduleRequest ? toImport(moduleRequest.value, isType ? "types only" : "at once") : [],
      ),
      ...module.dynamicImports.map(({ moduleRequest: { start, end } }) =>
        toImport(text.slice(start, end).replaceAll(/^["'`]|["'`]$/g, ""), "late"),
      ),
    ],
    declares: [...new Set(own.flatMap(({ exportName }) => exportName.name ?? []))],
  };
}
