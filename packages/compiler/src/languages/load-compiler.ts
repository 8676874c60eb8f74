import type { LanguageName } from "@wasi-kit/manifest";
import type { Compile } from "./language.ts";

/** Loads the compiler of a language: `compile.ts` in its folder. */
export async function loadCompiler(language: LanguageName): Promise<Compile> {
  const { compile } = (await import(`./${language}/compile.ts`)) as { compile: Compile };
  return compile;
}
