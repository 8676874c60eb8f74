import type { LanguageName } from "@wasi-kit/manifest";
import type { Language } from "./language.ts";
import * as list from "./list.ts";

const byName = ([a]: [string, Language], [b]: [string, Language]): number => (a < b ? -1 : 1);

/** The languages, by the names that wasi.json has for them, in the order of these. */
export const languages = Object.fromEntries(Object.entries<Language>(list).toSorted(byName)) as Readonly<
  Record<LanguageName, Language>
>;
