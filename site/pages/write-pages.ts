import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { root } from "../../tools/root.ts";
import { documentPages } from "./documents.ts";
import type { Page } from "./page.ts";
import { referencePages } from "./reference/index.ts";

/** Where VitePress finds the pages. */
export const pagesFolder: string = join(root, "site/build/pages");

/** All pages: those in `site/content`, the repository's documents, and the references. */
async function allPages(): Promise<Page[]> {
  const content = join(root, "site/content");
  const own = globSync("**/*.md", { cwd: content }).map((path): Page => ({
    path,
    text: readFileSync(join(content, path), "utf8"),
    source: `site/content/${path}`,
  }));
  return [...own, ...documentPages(), ...(await referencePages())];
}

/** Writes all pages, and removes those that are there no more. A page that did not change is not written. */
export async function writePages(): Promise<Page[]> {
  const pages = await allPages();
  const wanted = new Set(pages.map(({ path }) => path));
  for (const path of globSync("**/*.md", { cwd: pagesFolder })) if (!wanted.has(path)) rmSync(join(pagesFolder, path));
  for (const { path, text } of pages) {
    const file = join(pagesFolder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (read(file) !== text) writeFileSync(file, text);
  }
  return pages;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
