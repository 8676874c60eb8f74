import stringWidth from "string-width";

/**
 * Lays out rows in columns that are as wide as their widest cell, two spaces apart: a person can read them, and a script
 * can cut them. Colours take up no space, and a character of some scripts takes up two.
 *
 * @param align - how all columns but the last are aligned. Default: `"left"`
 */
export function columns(rows: readonly (readonly string[])[], align: "left" | "right" = "left"): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, stringWidth(cell))));
  const pad = (cell: string, i: number): string => {
    const spaces = " ".repeat((widths[i] ?? 0) - stringWidth(cell));
    return align === "right" && i < widths.length - 1 ? spaces + cell : cell + spaces;
  };
  return rows.map((row) => row.map(pad).join("  ").trimEnd());
}
