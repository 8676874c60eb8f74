import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, join, normalize } from "node:path/posix";
import { globSync } from "tinyglobby";
import { root } from "../../tools/root.ts";
import { addressOf, codeBlock } from "./page.ts";
import type { Page } from "./page.ts";
import { inlinePictures } from "./pictures.ts";
import { withPlayground } from "./playground.ts";

/** The documents of the repository that are pages. */
const patterns = ["*.md", "docs/**/*.md", "examples/**/*.md"];

/** Where a document is in the site, if its path does not say so. */
const places: Readonly<Record<string, string>> = { "README.md": "overview.md" };

/** The page of a document: without `docs/`, and the README of a folder is its index. */
const placeOf = (document: string): string =>
  places[document] ??
  document
    .replace(/^docs\//, "")
    .toLowerCase()
    .replace(/readme\.md$/, "index.md");

/** Reads the documents, and each file of the repository that they link to. */
export function documentPages(): Page[] {
  const documents = globSync(patterns, { cwd: root, ignore: ["**/{node_modules,target,build}/**"] }).toSorted();
  const sources = new Set<string>();
  const pages = documents.map((source): Page => {
    const text = readFileSync(join(root, source), "utf8");
    const linked = rewriteLinks(inlinePictures(text, source), (target) => {
      const path = findTarget(target, source);
      if (path === undefined || documents.includes(path)) return path && addressOf(placeOf(path));
      sources.add(path);
      return addressOf(sourcePlace(path));
    });
    return { path: placeOf(source), text: withPlayground(linked, source, placeOf(source)), source };
  });
  return [...pages, ...[...sources].map(sourcePage)];
}

/** Without its dots: VitePress takes `main.ts` for a file that is there already. */
const sourcePlace = (path: string): string => `source/${path.replaceAll(".", "-")}.md`;

function sourcePage(path: string): Page {
  const text = readFileSync(join(root, path), "utf8");
  return {
    path: sourcePlace(path),
    text: `# \`${path}\`\n\nA file of the repository.\n\n${codeBlock(extname(path).slice(1), text)}\n`,
    source: path,
  };
}

/** The file that a link of a document leads to, from the repository's root. The README of a folder stands for it. */
function findTarget(target: string, document: string): string | undefined {
  const path = normalize(join(dirname(document), target)).replace(/\/$/, "");
  const full = join(root, path);
  if (path.startsWith("..") || !existsSync(full)) return undefined;
  return statSync(full).isDirectory() ? join(path, "README.md") : path;
}

/** A link in the text, or the target of one that the text names: `[name]: target`. */
const links = /(\]\(|^\[[^\]]+\]: )(?![a-z]+:|#|\/)([^)#\s]+)(?=[#)\s])/gm;

/**
 * Changes the links of a Markdown text that lead to files. Code blocks stay as they are.
 *
 * @param toAddress - gives the address of a file, or undefined for a link that VitePress is to report
 */
function rewriteLinks(text: string, toAddress: (target: string) => string | undefined): string {
  return text
    .split(/(^```[^]*?^```$)/m)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part.replaceAll(links, (_, start: string, target: string) => start + (toAddress(target) ?? target)),
    )
    .join("");
}
