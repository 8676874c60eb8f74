import type { LanguageName } from "@wasi-kit/manifest";
import { assemblyscript } from "./assemblyscript/index.ts";
import type { Language } from "./language.ts";
import { rust } from "./rust/index.ts";
import { wat } from "./wat/index.ts";

/** The languages, by the names that wasi.json has for them. */
export const languages: Readonly<Record<LanguageName, Language>> = { rust, wat, assemblyscript };
