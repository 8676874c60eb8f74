/**
 * Which languages can be built on this machine, and by what: turbo can't find out by itself, and a module that another
 * compiler made is stale. Rust is not asked about: it is installed, or its modules are taken from the cache.
 *
 * @param {readonly string[]} names - as wasi.json has them
 * @param {Record<string, { title: string, tools(dir: string): Promise<{ name: string, found: boolean, version: string }[]> }>} languages - the compiler's
 * @param {boolean} isCi - whether nothing may be left out: a build that fails says why
 * @param {(names: string[]) => Record<string, string>} cachedToolchains - for languages without their compilers: what
 *   built the modules that the cache has
 */
export async function availableLanguages(names, languages, isCi, cachedToolchains) {
  const plan = { names: [...names], variables: {}, messages: [] };
  const missing = [];
  for (const name of names.filter((it) => it !== "rust" && it in languages)) {
    const tools = await languages[name].tools(process.cwd());
    plan.variables[variableOf(name)] = tools.map((tool) => `${tool.name} ${tool.version}`).join(", ");
    if (!tools.every(({ found }) => found)) missing.push(name);
  }
  if (missing.length === 0) return plan;
  const cached = cachedToolchains(missing);
  for (const [name, version] of Object.entries(cached)) {
    plan.variables[variableOf(name)] = version;
    plan.messages.push(takenFromCache(languages[name].title, version));
  }
  const leftOut = isCi ? [] : missing.filter((name) => !(name in cached));
  if (leftOut.length === 0) return plan;
  const titles = leftOut.map((name) => languages[name].title).join(", ");
  plan.messages.push(`left out ${titles}: not on this machine. To install what is missing: pnpm toolchains`);
  return { ...plan, names: names.filter((name) => !leftOut.includes(name)) };
}

/** The variable that says which compiler builds a language. */
export const variableOf = (name) => `WASI_KIT_${name.toUpperCase()}`;

/** What is said if modules come from the cache. */
export const takenFromCache = (title, version) =>
  `there is no ${title} here: taking what ${version} built, from the cache.`;
