interface AskedLanguage {
  title: string;
  tools(dir: string): Promise<{ name: string; found: boolean; version: string }[]>;
}

/** What is to be built, with the variables that say by what; and lines on what is left out, or taken from the cache. */
export function availableLanguages(
  names: readonly string[],
  languages: Readonly<Record<string, AskedLanguage>>,
  isCi: boolean,
  cachedToolchains: (names: string[]) => Record<string, string>,
): Promise<{ names: string[]; variables: Record<string, string>; messages: string[] }>;
