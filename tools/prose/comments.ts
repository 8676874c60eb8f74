/**
 * The comments of a source in C, CSS, Go, Rust, TypeScript, WAT or Zig. What is no comment is blank, so that each word
 * stays at its line and column. A paragraph of several lines is all in its first one: a phrase may be wrapped.
 */
export function commentsOf(source: string): string {
  const lines = source.split("\n").map((line) => {
    const [, before = "", comment = ""] = /^(.*?(?:;;|\/\/[/!]?|\/\*\*?|^\s*\*(?!\/)))(.*)$/.exec(line) ?? [];
    const continues = /^\s*(?:;;|\/\/[/!]?|\*)$/.test(before) && /^\s*[^\s@]/.test(comment);
    return { text: " ".repeat(before.length) + comment, continues };
  });
  const texts = lines.map(({ text }) => text);
  for (let i = lines.length - 1; i > 0; i--) {
    if (!lines[i]?.continues || texts[i - 1]?.trim() === "") continue;
    texts[i - 1] += ` ${texts[i]?.trim()}`;
    texts[i] = "";
  }
  return texts.join("\n");
}
