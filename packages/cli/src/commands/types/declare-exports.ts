import { parseSignature } from "@wasi-kit/runner";
import type { InspectedExport } from "@wasi-kit/runner";

/** What JavaScript sees of a value of each type. A reference to anything is `unknown`. */
const valueTypes: Readonly<Record<string, string>> = {
  i32: "number",
  i64: "bigint",
  f32: "number",
  f64: "number",
  funcref: "Function | null",
};

/** What JavaScript sees of what is exported, by its kind. */
const kinds: Readonly<Record<string, (signature: string | null) => string>> = {
  function: functionType,
  memory: () => "WebAssembly.Memory",
  table: () => "WebAssembly.Table",
  global: () => "WebAssembly.Global",
};

/** What `instantiate` calls by itself. */
const ownFunctions: ReadonlySet<string> = new Set(["_initialize"]);

/**
 * The types of what a module exports, as the text of a .d.ts file with an interface `Exports`.
 *
 * @param module - the name of its file
 */
export function declareExports(module: string, exports: readonly InspectedExport[]): string {
  const members = exports
    .filter(({ name }) => !ownFunctions.has(name))
    .map(({ name, kind, signature }) => {
      const type = kinds[kind]?.(signature) ?? "unknown";
      const note = kind === "function" && signature !== null ? `  /** \`${signature}\` */\n` : "";
      return `${note}  readonly ${propertyName(name)}: ${type};`;
    });
  return [
    `// What ${visible(module)} exports. Written by: wasi-kit types`,
    "",
    "export interface Exports {",
    ...members,
    "}",
    "",
  ].join("\n");
}

function functionType(signature: string | null): string {
  if (signature === null) return "(...args: unknown[]) => unknown";
  const { parameters, results } = parseSignature(signature);
  // JavaScript has no vectors: to call such a function throws.
  if ([...parameters, ...results].includes("v128")) return "never";
  const typed = parameters.map((type, i) => `p${i}: ${typeOf(type)}`);
  const returned = results.length === 0 ? "void" : results.length === 1 ? typeOf(results[0]!) : tuple(results);
  return `(${typed.join(", ")}) => ${returned}`;
}

const typeOf = (type: string): string => valueTypes[type] ?? "unknown";

const tuple = (types: readonly string[]): string => `[${types.map(typeOf).join(", ")}]`;

const propertyName = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

const visible = (text: string): string => text.replaceAll(/[\r\n\u2028\u2029]/g, " ");
