import { closestMatch } from "leven";
import * as v from "valibot";

type Issue = v.BaseIssue<unknown>;
type Path = readonly v.IssuePathItem[];

/**
 * A line for each thing that is wrong: the key's path, what was found, what is
 * allowed there, and for an unknown key the nearest known one.
 */
export function describeIssues(issues: readonly Issue[], schema: v.GenericSchema): string[] {
  return describeWithin(issues, schema, []);
}

/** @param outer - the path to what the schema is of */
function describeWithin(issues: readonly Issue[], schema: v.GenericSchema, outer: Path): string[] {
  return issues.flatMap((issue) => {
    const path = issue.path ?? [];
    // Of a union, only what is wrong with the object that was meant helps.
    const meant = issue.type === "union" ? meantOption(nodeAt(path, schema), issue.input) : undefined;
    if (!meant) return [describe(issue, path, schema, outer)];
    return describeWithin(v.safeParse(meant, issue.input).issues ?? [], meant, [...outer, ...path]);
  });
}

/** The object of a union that was meant: the first with the most of the keys that were written. */
function meantOption({ options = [] }: Node, input: unknown): v.GenericSchema | undefined {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return undefined;
  const shared = (option: Node): number => Object.keys(input).filter((key) => option.entries?.[key]).length;
  const [meant] = options.filter(({ entries }) => entries).toSorted((a, b) => shared(b) - shared(a));
  return meant as v.GenericSchema | undefined;
}

function describe(issue: Issue, path: Path, schema: v.GenericSchema, outer: Path): string {
  const at = [...outer, ...path].map(({ key }) => String(key)).join(".") || "the file";
  if (issue.type === "strict_object" && issue.expected === "never")
    return `${at}: unknown key. ${suggestKey(path, schema)}`;
  if (issue.type === "strict_object" && issue.received === "undefined") return `${at}: missing, and it is required.`;

  const isKey = (path.at(-1) as { origin?: string } | undefined)?.origin === "key";
  const found = isKey
    ? `the name ${JSON.stringify(path.at(-1)?.key)}`
    : shorten(JSON.stringify(issue.input) ?? "nothing");
  return `${at}: found ${found}, expected ${expectation(issue)}.`;
}

/** The schema's own messages say what is allowed; the library's name types. */
function expectation(issue: Issue): string {
  if (issue.kind === "validation") return issue.message;
  return (issue.expected ?? "something else")
    .replace(/^\((.*)\)$/, "$1")
    .replaceAll(/ \| (?=.* \| )/g, ", ")
    .replace(" | ", " or ")
    .replaceAll("string", "text")
    .replaceAll("number", "a number")
    .replaceAll("boolean", "true or false")
    .replaceAll("Object", "an object")
    .replaceAll("Array", "a list");
}

function suggestKey(path: Path, schema: v.GenericSchema): string {
  const known = Object.keys(entriesAt(path.slice(0, -1), schema));
  const key = String(path.at(-1)?.key);
  const nearest = closestMatch(key, known, { maxDistance: Math.ceil(key.length / 3) });
  const meant = nearest === undefined ? "" : `Did you mean "${nearest}"? `;
  return `${meant}Allowed here: ${known.join(", ")}.`;
}

/** The part of the schema that a path leads to, as far as an object's keys need it. */
interface Node {
  type: string;
  entries?: Record<string, Node>;
  wrapped?: Node;
  value?: Node;
  options?: Node[];
}

const entriesAt = (path: Path, schema: v.GenericSchema): Record<string, Node> => nodeAt(path, schema).entries ?? {};

function nodeAt(path: Path, schema: v.GenericSchema): Node {
  let node = unwrap(schema as unknown as Node);
  for (const { key } of path) node = unwrap(node.entries?.[String(key)] ?? node.value);
  return node;
}

function unwrap(node: Node | undefined): Node {
  if (!node) return { type: "unknown" };
  return node.wrapped ? unwrap(node.wrapped) : node;
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
