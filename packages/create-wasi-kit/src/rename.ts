import { crateName } from "./package-name.ts";

type Files = Readonly<Record<string, string>>;

/**
 * Gives the files of a template the name of a project, in their paths and in their texts: the module, the source, the
 * test, the crate or Go's module, and what the program calls itself in its messages.
 *
 * @param from - the scenario's name
 * @param to - the project's, without a scope
 */
export function rename(files: Files, from: string, to: string): Record<string, string> {
  const replace = (text: string): string => text.replaceAll(occurrences(from), () => to);
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [replace(path), named[path]?.(text, from, to) ?? replace(text)]),
  );
}

/** The files that have a name of their own for the project. */
const named: Readonly<Record<string, (text: string, from: string, to: string) => string>> = {
  "Cargo.toml": (text, from, to) => text.replace(`name = "${from}"`, () => `name = "${crateName(to)}"`),
  "go.mod": (text, from, to) => text.replace(`module ${from}\n`, () => `module ${to}\n`),
};

/** `read-file` is nothing but the name; `hello` and `library` are words as well, so that only file names are meant. */
const occurrences = (name: string): RegExp =>
  name.includes("-")
    ? new RegExp(`(?<![\\w-])${name}(?![\\w-])`, "g")
    : new RegExp(`(?<![\\w-])${name}(?=\\.(?:wasm|wat|test\\.ts)\\b)`, "g");
