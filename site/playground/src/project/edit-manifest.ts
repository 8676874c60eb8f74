import type { Manifest, Run } from "@wasi-kit/manifest/browser";

/** The text of a manifest, as the playground writes it: what fits into a line is in a line. */
export const manifestText = (manifest: Manifest): string => `${written(manifest, "", 0)}\n`;

const width = 100;

/** @param used - how much of its line is taken by what comes before and after it */
function written(value: unknown, indent: string, used: number): string {
  const line = inLine(value);
  // The outermost has a line for each key.
  const fits = indent !== "" && indent.length + used + line.length <= width;
  if (fits || typeof value !== "object" || value === null) return line;
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const entries = isList
    ? value.map((it: unknown) => inner + written(it, inner, 1))
    : Object.entries(value).map(([key, it]) => {
        const name = `${JSON.stringify(key)}: `;
        return inner + name + written(it, inner, name.length + 1);
      });
  return `${isList ? "[" : "{"}\n${entries.join(",\n")}\n${indent}${isList ? "]" : "}"}`;
}

function inLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, it]) => `${JSON.stringify(key)}: ${inLine(it)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** A manifest in which a run has other grants; one that is undefined is left out. */
export function withGrants(
  manifest: Manifest,
  name: string,
  grants: { [Key in keyof Run]?: Run[Key] | undefined },
): Manifest {
  const run = { ...manifest.runs[name], ...grants };
  const declared = Object.fromEntries(Object.entries(run).filter(([, value]) => value !== undefined)) as Run;
  return { ...manifest, runs: { ...manifest.runs, [name]: declared } };
}
