import type { MemoryTree } from "@wasi-kit/runner/browser";

/** What a file holds. */
export type Content = string | Uint8Array;

/** The files of a project by path: `fixtures/notes/today.txt`. A path that ends with a slash is an empty directory. */
export type Files = ReadonlyMap<string, Content>;

/** Whether there is a directory at a path; `.` is the project itself. */
export const isDirectory = (files: Files, path: string): boolean =>
  folderOf(path) === "" || [...files.keys()].some((it) => it.startsWith(folderOf(path)));

/** A path as the beginning of those below it: empty for `.`, else with a slash at its end. */
function folderOf(path: string): string {
  const clean = normalized(path) ?? "";
  return clean === "" ? "" : `${clean}/`;
}

/** A path without `.` and `..`; undefined if it leads out of the project. */
export function normalized(path: string): string | undefined {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") {
      if (names.pop() === undefined) return undefined;
    } else if (name !== "" && name !== ".") names.push(name);
  }
  return path.startsWith("/") ? undefined : names.join("/");
}

/** What is below a path, as the runner takes it. */
export function treeAt(files: Files, path: string): MemoryTree {
  const folder = folderOf(path);
  const root: Branch = new Map();
  for (const [file, content] of files) {
    if (!file.startsWith(folder)) continue;
    const names = file.slice(folder.length).split("/");
    const name = names.pop() as string;
    const parent = names.reduce(branchAt, root);
    if (name !== "") parent.set(name, content);
  }
  return asTree(root);
}

type Branch = Map<string, Branch | Content>;

function branchAt(parent: Branch, name: string): Branch {
  const found = parent.get(name);
  if (found instanceof Map) return found;
  const made: Branch = new Map();
  parent.set(name, made);
  return made;
}

// Not by assignment: a file may be called __proto__.
const asTree = (branch: Branch): MemoryTree =>
  Object.fromEntries([...branch].map(([name, it]) => [name, it instanceof Map ? asTree(it) : it]));

/** Why a path can't be that of a new file; undefined if it can. */
export function problemOfPath(path: string, files: Files): string | undefined {
  const clean = normalized(path);
  if (clean === undefined) return `${path} leads out of the project. Write a path such as fixtures/a.txt.`;
  if (clean === "") return "A file needs a name.";
  const names = clean.split("/");
  if (names.some((name) => new TextEncoder().encode(name).length > 255)) return "A name has at most 255 bytes.";
  if (path.endsWith("/") ? isDirectory(files, clean) : files.has(clean)) return `${clean} is there already.`;
  if (!path.endsWith("/") && isDirectory(files, clean)) return `${clean} is a directory.`;
  const file = names.map((_, i) => names.slice(0, i + 1).join("/")).find((it) => it !== clean && files.has(it));
  return file === undefined ? undefined : `${file} is a file.`;
}
