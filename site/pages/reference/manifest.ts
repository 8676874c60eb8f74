import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../tools/root.ts";
import type { Page } from "../page.ts";
import { table } from "../page.ts";

/** A part of a JSON Schema, as far as the schema of wasi.json uses it. */
interface Schema {
  type?: string;
  description?: string;
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  items?: Schema | readonly Schema[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  minLength?: number;
  $ref?: string;
}

/** The page on wasi.json, key by key. */
export function manifestPage(): Page {
  const schema = JSON.parse(readFileSync(join(root, "packages/manifest/wasi.schema.json"), "utf8")) as Schema;
  const text = [
    "# `wasi.json`, key by key",
    "A manifest says how a module is built, and what each of its runs is granted. `wasi-kit check` checks a manifest;\nan editor checks it while you type, if `$schema` names the schema. A key that is not listed here is an error.",
    "This page is made of `packages/manifest/wasi.schema.json`.",
    ...keysOf(schema, "", 2),
  ];
  return { path: "reference/manifest.md", text: `${text.join("\n\n")}\n` };
}

/** A heading and a table for each key of an object, and for what is below it. */
function keysOf(schema: Schema, prefix: string, depth: number): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, it]) => {
    const path = prefix + name;
    const needed = schema.required?.includes(name) ? "Required." : "Optional.";
    return [
      `${"#".repeat(Math.min(depth, 4))} \`${path}\``,
      [it.description, needed].filter((line) => line !== undefined).join(" "),
      ...rulesOf(it),
      ...formsOf(it).flatMap((form) => below(form, path, depth + 1)),
    ];
  });
}

/** The objects that a value may be. */
const formsOf = (schema: Schema): Schema[] => [schema, ...(schema.anyOf ?? [])].filter(({ type }) => type === "object");

function below(schema: Schema, path: string, depth: number): string[] {
  const each = schema.additionalProperties;
  const named = `${path}.NAME`;
  return [
    ...keysOf(schema, `${path}.`, depth),
    ...(typeof each === "object" && (each.properties ?? each.anyOf)
      ? [
          `${"#".repeat(Math.min(depth, 4))} \`${named}\``,
          ...(each.description ? [each.description] : []),
          ...rulesOf(each, schema.propertyNames),
          ...formsOf(each).flatMap((form) => below(form, named, depth + 1)),
        ]
      : []),
  ];
}

/** What a value has to be: a line, or a table of the forms that it may have. */
function rulesOf(schema: Schema, names?: Schema): string[] {
  const ofNames = names?.pattern ? [`Each \`NAME\` matches \`${names.pattern}\`.`] : [];
  if (!schema.anyOf) return [`Value: ${[typeOf(schema), ...boundsOf(schema)].join(", ")}.`, ...ofNames];
  const rows = schema.anyOf.map((form) => [
    typeOf(form),
    [form.description, ...boundsOf(form)].filter(Boolean).join(", "),
  ]);
  return [table(["value", "what it means"], rows), ...ofNames];
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return "the same again";
  if (schema.enum) return schema.enum.map((it) => `\`${JSON.stringify(it)}\``).join(", ");
  if (schema.type === "array") {
    const items = [schema.items ?? {}].flat() as Schema[];
    return `a list of ${items.map(({ type }) => plural[type ?? ""] ?? "values").join(" or ")}`;
  }
  if (schema.type === "object") {
    const keys = Object.keys(schema.properties ?? {}).map((key) => `\`${key}\``);
    return keys.length > 0 ? `an object with ${keys.join(", ")}` : "an object of names and values";
  }
  return singular[schema.type ?? ""] ?? "a value";
}

const singular: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "`true` or `false`",
};
const plural: Readonly<Record<string, string>> = { string: "texts", integer: "whole numbers", number: "numbers" };

function boundsOf(schema: Schema): string[] {
  const keys = schema.required?.map((key) => `\`${key}\``).join(" and ");
  const bounds = [
    schema.minimum === undefined ? undefined : `at least ${schema.minimum}`,
    schema.maximum === undefined ? undefined : `at most ${schema.maximum}`,
    schema.minItems === undefined ? undefined : `at least ${schema.minItems} of them`,
    schema.minLength === undefined ? undefined : "not empty",
    schema.pattern === undefined ? undefined : `matches \`${schema.pattern}\``,
    keys ? `${keys} required` : undefined,
  ];
  return bounds.filter((it) => it !== undefined);
}
