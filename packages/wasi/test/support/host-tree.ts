import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A tree: a file's text, a link as `{ to }`, or a directory. */
export interface Tree {
  [name: string]: string | { readonly to: string } | Tree;
}

/** Makes a directory that goes away with the test. */
export function makeTree(tree: Tree): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "wasi-kit-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  fill(root, tree);
  return root;
}

function fill(directory: string, tree: Tree): void {
  for (const [name, it] of Object.entries(tree)) {
    const path = join(directory, name);
    if (typeof it === "string") writeFileSync(path, it);
    else if (typeof it["to"] === "string") symlinkSync(it["to"], path);
    else {
      mkdirSync(path);
      fill(path, it as Tree);
    }
  }
}
