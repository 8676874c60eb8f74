import leven from "leven";
import type * as v from "valibot";
import { manifestSchema } from "./schema.ts";

type Issue = v.BaseIssue<unknown>;
type Path = readonly v.IssuePathItem[];

/**
 * A line for each thing that is wrong: the key's path, what was found, what is
 * allowed there, and for an unknown key the nearest known one.
 */
export function describeIssues(issues: readonly Issue[]): string[] {
  return issues.flatMap((issue) => {
    const path = issue.path ?? [];
    // Of a union, only what is wrong inside the object that was written helps.
    const inside = issue.issues?.filter((it) => it.path) ?? [];
    if (inside.length === 0) return [describe(issue, path)];
    return inside.map((it) => describe(it, [...path, ...(it.path ?? [])]));
  });
}

function describe(issue: Issue, path: Path): string {
  const at = path.map(({ key }) => String(key)).join(".") || "the file";
  if (issue.type === "strict_object" && issue.expected === "never") return `${at}: unknown key. ${suggestKey(path)}`;
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
    .replaceAll(" | ", " or ")
    .replaceAll("string", "text")
    .replaceAll("Object", "an object")
    .replaceAll("Array", "a list");
}

function suggestKey(path: Path): string {
  const known = Object.keys(entriesAt(path.slice(0, -1)));
  const key = String(path.at(-1)?.key);
  const nearest = known.toSorted((a, b) => leven(a, key) - leven(b, key))[0] ?? "";
  const meant = leven(nearest, key) <= Math.max(2, key.length / 2) ? `Did you mean "${nearest}"? ` : "";
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

function entriesAt(path: Path): Record<string, Node> {
  let node = unwrap(manifestSchema as unknown as Node);
  for (const { key } of path) node = unwrap(node.entries?.[String(key)] ?? node.value);
  return node.entries ?? {};
}

function unwrap(node: Node | undefined): Node {
  if (!node) return { type: "unknown" };
  if (node.wrapped) return unwrap(node.wrapped);
  return node.options?.find((option) => option.entries) ?? node;
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
