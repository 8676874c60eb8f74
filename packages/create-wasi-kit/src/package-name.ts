import validate from "validate-npm-package-name";
import { CreateError } from "./error.ts";

/** Why npm refuses a name for a new package; undefined where it takes it. */
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
