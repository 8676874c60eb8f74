import type { MarkdownRenderer } from "vitepress";

/** Has the empty head of a column be an ordinary cell: as a head it would have no name. */
export function nameTableHeads(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("empty-table-heads", ({ tokens }) => {
    for (const [i, token] of tokens.entries()) {
      const [content, close] = [tokens[i + 1], tokens[i + 2]];
      if (token.type !== "th_open" || content?.content !== "" || !close) continue;
      token.tag = "td";
      close.tag = "td";
    }
  });
}
