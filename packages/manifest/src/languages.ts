// Written by `pnpm test -u`, of packages/compiler/src/languages/list.ts.

/** The languages that can be compiled. To each its source, unless `build.source` names another; NAME is the module's. */
export const defaultSources = {
  assemblyscript: "assembly/index.ts",
  c: "src/main.c",
  go: "main.go",
  rust: "Cargo.toml",
  wat: "NAME.wat",
  zig: "src/main.zig",
} as const;

/** The name of a language that can be compiled. */
export type LanguageName = keyof typeof defaultSources;

export const languageNames: LanguageName[] = Object.keys(defaultSources) as LanguageName[];
