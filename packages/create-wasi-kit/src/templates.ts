import { readFileSync } from "node:fs";
import leven from "leven";
import { CreateError } from "./error.ts";

/** An example, as a project of its own has it. */
export interface Template {
  /** What it shows, in a line. */
  description: string;
  /** Its files: path to text. */
  files: Readonly<Record<string, string>>;
}

/** What is known of a language: the compiler's `ProjectFacts`, its name and a line on it. */
export interface LanguageFacts {
  readonly title: string;
  readonly about: string;
  /** NAME is the program's name, in paths. */
  readonly edited: string;
  readonly files: readonly (readonly [path: string, what: string])[];
  readonly ignored: readonly string[];
  readonly needs?: string;
  readonly steps: readonly string[];
  readonly editor?: string;
  readonly extensions: readonly string[];
  readonly problems: readonly object[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

interface Templates {
  /** The .editorconfig of all. */
  editorconfig: string;
  /** By their names in wasi.json. */
  languages: Readonly<Record<string, LanguageFacts>>;
  /** By language and scenario: `rust/read-file`. */
  examples: Readonly<Record<string, Template>>;
}

let templates: Templates | undefined;

/** What bundle.js made of the examples; read when it is first needed. */
export const readTemplates = (): Templates =>
  (templates ??= JSON.parse(readFileSync(new URL("../bundle/templates.json", import.meta.url), "utf8")) as Templates);

/** What is known of the language of an example. */
export const languageFacts = (name: string): LanguageFacts => readTemplates().languages[name] as LanguageFacts;

/**
 * The examples that there are, by what they show: language and scenario (`rust/read-file`) to a line on each.
 */
export function examples(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(readTemplates().examples).map(([name, { description }]) => [name, description]),
  );
}

/**
 * The template of an example.
 *
 * @throws CreateError `E_EXAMPLE`, with the nearest names
 */
export function findTemplate(name: string): Template {
  const { examples: all } = readTemplates();
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found) return found;
  const near = nearest(name, Object.keys(all));
  throw new CreateError(
    "E_EXAMPLE",
    `There is no example ${name}. Nearest to it: ${near.join(", ")}.\nAll of them: npm create wasi-kit@latest -- --help`,
  );
}

/** The names that hold a text, or else the three that are like it most. */
function nearest(text: string, names: readonly string[]): string[] {
  const holding = text === "" ? [] : names.filter((name) => name.includes(text));
  if (holding.length > 0) return holding;
  return names.toSorted((a, b) => leven(a, text) - leven(b, text)).slice(0, 3);
}
