import { parseTree } from "jsonc-parser";
import type { Node } from "jsonc-parser";

/** The place of something in a manifest: names of keys, and for an entry of a list its value. */
export type KeyPath = readonly string[];

/** The key paths of a run's parts begin with `runs` and the run's name, which stay. */
const runDepth = 2;

/**
 * The text of a manifest without what is at a key path in a run, and without
 * what would be empty then; every other character is as it was. Undefined if
 * there is nothing at that key path.
 */
export function withoutPart(text: string, keyPath: KeyPath): string | undefined {
  const nodes = nodesTo(text, keyPath);
  if (!nodes) return undefined;
  // The outermost that holds nothing else goes as a whole.
  let depth = keyPath.length;
  while (depth > runDepth + 1 && (nodes[depth - 1]?.children?.length ?? 0) === 1) depth--;
  const container = nodes[depth - 1] as Node;
  const siblings = container.children ?? [];
  const at = siblings.indexOf(entryOf(nodes[depth] as Node, container));
  const [entry, before, after] = [siblings[at] as Node, siblings[at - 1], siblings[at + 1]];
  if (after) return cut(text, entry.offset, after.offset);
  if (before) return cut(text, endOf(before), endOf(entry));
  return cut(text, container.offset + 1, endOf(container) - 1);
}

/** The text of a manifest in which a preopen is for reading only; undefined if there is no such preopen. */
export function withReadOnly(text: string, keyPath: KeyPath): string | undefined {
  const preopen = nodesTo(text, keyPath)?.at(-1);
  if (!preopen) return undefined;
  const access = preopen.type === "object" ? child(preopen, "access") : undefined;
  if (access) return splice(text, access, '"read-only"');
  const path = preopen.type === "object" ? (child(preopen, "path") as Node) : preopen;
  return splice(text, preopen, `{ "path": ${sourceOf(text, path)}, "access": "read-only" }`);
}

/** Some runs of a manifest as they are written there, in an object that holds nothing else. */
export function runsIn(text: string, runs: readonly string[]): string {
  const entries = runs.flatMap((run) => nodesTo(text, ["runs", run])?.at(-1)?.parent ?? []);
  const lines = entries.map((entry) => `    ${sourceOf(text, entry)}`);
  return `{\n  "runs": {\n${lines.join(",\n")}\n  }\n}`;
}

/** The nodes on the way to a key path, the whole first. */
function nodesTo(text: string, keyPath: KeyPath): Node[] | undefined {
  const root = parseTree(text);
  const nodes = root ? [root] : [];
  for (const name of keyPath) {
    const next = nodes.length > 0 ? child(nodes.at(-1) as Node, name) : undefined;
    if (!next) return undefined;
    nodes.push(next);
  }
  return nodes;
}

/** Of a key that is there twice, JSON takes the last. */
function child(container: Node, name: string): Node | undefined {
  const children = container.children ?? [];
  if (container.type === "array") return children.find((it) => it.value === name);
  return children.findLast((it) => it.children?.[0]?.value === name)?.children?.[1];
}

/** The entry of a container for a value: in an object, the key and the value. */
const entryOf = (node: Node, container: Node): Node => (container.type === "object" ? (node.parent as Node) : node);

const endOf = ({ offset, length }: Node): number => offset + length;
const sourceOf = (text: string, node: Node): string => text.slice(node.offset, endOf(node));
const cut = (text: string, start: number, end: number): string => text.slice(0, start) + text.slice(end);
const splice = (text: string, node: Node, by: string): string =>
  text.slice(0, node.offset) + by + text.slice(endOf(node));
