/** The languages that can be compiled. To each its source, unless `build.source` names another; NAME is the module's. */
export const defaultSources = {
  wat: "NAME.wat",
  rust: "Cargo.toml",
  assemblyscript: "assembly/index.ts",
} as const;

/** The name of a language that can be compiled. */
export type LanguageName = keyof typeof defaultSources;

export const languageNames: LanguageName[] = Object.keys(defaultSources) as LanguageName[];
