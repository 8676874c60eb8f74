import { expect, test } from "vitest";
import { languages } from "./index.ts";
import { loadCompiler } from "./load-compiler.ts";

const names = Object.keys(languages) as (keyof typeof languages)[];

// The manifest's package depends on none of ours, and has to know them: `pnpm test -u` writes it again.
test("the manifest knows each language of the list, and its source", async () => {
  const lines = names.map((name) => `  ${name}: ${JSON.stringify(languages[name].source)},\n`);
  await expect(`// Written by \`pnpm test -u\`, of packages/compiler/src/languages/list.ts.

/** The languages that can be compiled. To each its source, unless \`build.source\` names another; NAME is the module's. */
export const defaultSources = {
${lines.join("")}} as const;

/** The name of a language that can be compiled. */
export type LanguageName = keyof typeof defaultSources;

export const languageNames: LanguageName[] = Object.keys(defaultSources) as LanguageName[];
`).toMatchFileSnapshot("../../../manifest/src/languages.ts");
});

test.each(names)("%s has a compiler in its folder", async (name) => {
  await expect(loadCompiler(name)).resolves.toBeTypeOf("function");
});
