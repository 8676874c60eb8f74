import type { LanguageName } from "@wasi-kit/manifest";
import type { TestContext } from "vitest";
import { languages } from "../../src/languages/index.ts";

/** Skips a test if this machine can't build a language, and says why and how it could. In CI nothing is skipped: there it fails. */
export async function needs(language: LanguageName, { skip }: Pick<TestContext, "skip">): Promise<void> {
  if (process.env["CI"]) return;
  const missing = (await languages[language].tools(process.cwd())).find(({ found }) => !found);
  skip(missing !== undefined, `${missing?.name}: ${missing?.version}. To install it: ${missing?.installCommand}`);
}
