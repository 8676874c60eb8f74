import type { Inspection } from "@wasi-kit/runner";
import { beside, cell, limited, lineWidth, list, wrap } from "../../ui/layout.ts";

/** What is asked for, and the names of the imports that ask. */
type Asked = readonly [what: string, names: readonly string[]];

/** What a module imports, by what that is for. */
export function asksFor({ kind, imports, capabilities, nonWasiImports }: Inspection): string[] {
  if (imports.length === 0) return [kind === null ? "unknown" : "nothing: it has no imports"];
  if (kind === "component") return asked(interfaces(imports));
  const others = asked(nonWasiImports.map(({ module, names }): Asked => [module, names]));
  return [
    ...asked(capabilities.map(({ capability, functions }): Asked => [capability, functions])),
    ...(others.length > 0 ? ["what WASI preview 1 does not have, by module:", ...others] : []),
  ];
}

/** The longest that a capability is called, and what is left for the names beside it. */
const widest = 31;
const beyond = lineWidth - widest - 2;

const asked = (all: readonly Asked[]): string[] =>
  limited(all, (shown) =>
    shown.flatMap(([what, names]) => beside(cell(what, widest), wrap(list(names, beyond), beyond))),
  );

/** A component's imports by their packages: `wasi:cli/exit@0.2.0` is exit of wasi:cli. */
function interfaces(imports: Inspection["imports"]): Asked[] {
  const packages = new Map<string, string[]>();
  for (const { name } of imports) {
    const [, from = "of no package", inside = name] = /^([^/@]+)\/([^@]+)/.exec(name) ?? [];
    const names = packages.get(from);
    if (names) names.push(inside);
    else packages.set(from, [inside]);
  }
  return [...packages];
}
