import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";

/**
 * Checks that each link within a built site leads to a file that is there, and each anchor to an element.
 *
 * @throws Error with a line for each link that leads nowhere
 */
export function checkLinks(folder: string): void {
  const pages = new Map(globSync("**/*.html", { cwd: folder }).map((path) => [path, readPage(join(folder, path))]));
  const problems = [...pages].flatMap(([path, { links }]) =>
    [...new Set(links)].flatMap((link) => {
      const { pathname, hash } = new URL(link, `http://site/${path}`);
      const target = decodeURIComponent(pathname)
        .slice(1)
        .replace(/(^|\/)$/, "$1index.html");
      const page = pages.get(target);
      if (!page && !existsSync(join(folder, target))) return [`${path}: there is no ${link}.`];
      const id = decodeURIComponent(hash.slice(1));
      return id === "" || page?.ids.has(id) !== false ? [] : [`${path}: there is nothing with the id in ${link}.`];
    }),
  );
  if (problems.length > 0) throw new Error(`Links of the site lead nowhere:\n${problems.join("\n")}`);
}

function readPage(path: string): { links: string[]; ids: ReadonlySet<string> } {
  const html = readFileSync(path, "utf8");
  const attributes = (pattern: RegExp): string[] =>
    [...html.matchAll(pattern)].map(([, value = ""]) => value.replaceAll("&amp;", "&"));
  return {
    links: attributes(/<(?:a|link|script|img)\b[^>]*? (?:href|src)="([^"]+)"/g).filter(
      (link) => !/^(?:[a-z]+:|\/\/)/.test(link),
    ),
    ids: new Set(attributes(/ id="([^"]+)"/g)),
  };
}
