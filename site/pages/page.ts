/** A page of the site. */
export interface Page {
  /** Where it is in the site: `tutorial/01-by-hand.md`. */
  path: string;
  /** What it says, in Markdown for VitePress. */
  text: string;
  /** The file that it was made of, from the repository's root; undefined if it was made of data. */
  source?: string;
}

/** The first heading of a page, without marks. */
export const titleOf = ({ path, text }: Page): string =>
  (/^# (.+)$/m.exec(text)?.[1] ?? path).replaceAll(/[`*_]/g, "").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");

/** The address of a page: `/tutorial/01-by-hand`, `/tutorial/`. */
export const addressOf = (path: string): string => `/${path.replace(/(?:(^|\/)index)?\.md$/, "$1")}`;

/** A code block of a language. */
export const codeBlock = (language: string, text: string): string => {
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/^`+/gm)].map(([marks]) => marks.length + 1)));
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
};

/** A Markdown table. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(inCell).join(" | ")} |`).join("\n");

const inCell = (text: string): string => text.replaceAll("|", String.raw`\|`).replaceAll("\n", " ");
