import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * How many bytes a page of the built site takes at its first load, compressed: the page, and the scripts and styles that
 * it names. What is loaded later, when a reader searches or is about to follow a link, does not count.
 */
export function firstLoadBytes(folder: string, page: string): number {
  const html = readFileSync(join(folder, page), "utf8");
  const tags = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)].map(([tag]) => tag);
  const files = tags
    .filter((tag) => tag.startsWith("<script") || /rel="(?:preload stylesheet|stylesheet|modulepreload)"/.test(tag))
    .flatMap((tag) => /(?:src|href)="\/([^"]+)"/.exec(tag)?.[1] ?? []);
  const sizes = [...new Set([page, ...files])].map((file) => gzipSync(readFileSync(join(folder, file))).length);
  return sizes.reduce((sum, size) => sum + size, 0);
}
