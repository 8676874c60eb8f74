/**
 * The comments of a source in C, Go, Rust, TypeScript, WAT or Zig. What is no comment is blank, so that each word stays at
 * its line and column.
 */
export const commentsOf = (source: string): string =>
  source
    .split("\n")
    .map((line) => {
      const [, before = "", comment = ""] = /^(.*?(?:;;|\/\/[/!]?|\/\*\*?|^\s*\*(?!\/)))(.*)$/.exec(line) ?? [];
      return " ".repeat(before.length) + comment;
    })
    .join("\n");
