import { readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { root } from "../../tools/root.ts";

/**
 * Puts the text of each SVG into the page instead of a reference: only so do its colours follow the page's, which
 * may be dark if the system is not.
 */
export function inlinePictures(text: string, document: string): string {
  return text.replaceAll(/^!\[[^\]]*\]\(([^)]+\.svg)\)$/gm, (_, path: string) =>
    inPage(readFileSync(join(root, dirname(document), path), "utf8")),
  );
}

/** An SVG as a part of a page, which has the colours. */
export const inPage = (svg: string): string =>
  `<div class="picture" tabindex="0" role="group">${svg.replace(/<style>.*<\/style>\n/, "").replaceAll("\n", "")}</div>`;
