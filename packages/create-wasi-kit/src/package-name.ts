import validate from "validate-npm-package-name";
import { CreateError } from "./error.ts";

/** Why npm refuses a name for a new package; undefined if npm accepts it. */
export function refusal(name: string): string | undefined {
  const { validForNewPackages, errors = [], warnings = [] } = validate(name);
  return validForNewPackages ? undefined : [...errors, ...warnings].join(", and ");
}

/** A name that npm takes, as near to a text as may be: `My App!` becomes `my-app`. */
export function suggestName(text: string): string {
  const name = text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{Mark}/gu, "")
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[._-]+|[._-]+$/g, "")
    .slice(0, 200);
  if (refusal(name) === undefined) return name;
  return name === "" ? "my-program" : `my-${name}`;
}

/**
 * Checks a name for a package.
 *
 * @throws CreateError `E_NAME`, with a name that will do
 */
export function checkName(name: string): void {
  const why = refusal(name);
  if (why === undefined) return;
  throw new CreateError(
    "E_NAME",
    `npm refuses the name ${JSON.stringify(name)}: ${why}.\nThis will do: ${suggestName(name)}`,
  );
}

/** The name without its scope: `@me/app` is `app`. What a module, a source and a test are called. */
export const withoutScope = (name: string): string => name.split("/").at(-1) as string;

/** What cargo has for itself, and keywords of Rust, which no crate may be called. */
const reserved =
  /^(abstract|alloc|as|async|await|become|box|break|build|const|continue|core|crate|deps|do|dyn|else|enum|examples|extern|false|final|fn|for|gen|if|impl|in|incremental|let|loop|macro|match|mod|move|mut|override|priv|proc_macro|pub|ref|return|self|static|std|struct|super|test|trait|true|try|type|typeof|unsafe|unsized|use|virtual|where|while|yield)$/;

/**
 * A name that cargo takes for a crate, as near to a package's as may be: `my.app` becomes `my-app`.
 *
 * @see https://doc.rust-lang.org/cargo/reference/manifest.html#the-name-field
 */
export function crateName(name: string): string {
  const crate = name.replaceAll(/[^a-zA-Z0-9_-]+/g, "-");
  return /^[a-zA-Z]/.test(crate) && !reserved.test(crate) ? crate : `my-${crate}`;
}
