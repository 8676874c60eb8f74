/** The report is for terminals of 80 columns: 12 for the labels, the rest for the lines. */
export const labelWidth = 12;
export const lineWidth = 68;

/** How much of a long list is shown; --json has it all. */
const longest = 20;

/** Text from a module, which may be anybody's: what would move a terminal's cursor, or hide, is shown as `\u{1b}`. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** Breaks a text between words, or other parts that stay whole; one that is wider than a line does so too. */
export function wrap(parts: string | readonly string[], width: number = lineWidth): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of typeof parts === "string" ? parts.split(" ") : parts) {
    if (line !== "" && line.length + 1 + part.length > width) {
      lines.push(line);
      line = part;
    } else line += line === "" ? part : ` ${part}`;
  }
  return line === "" ? lines : [...lines, line];
}

/** Cuts a text that is too long. */
const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);

/** A cell of a column, as wide as that. */
export const cell = (text: string, width: number): string => cut(visible(text), width).padEnd(width);

/** A text, and lines to the right of it. */
export function beside(left: string, right: readonly string[]): string[] {
  return (right.length > 0 ? right : [""]).map((line, i) => `${i === 0 ? left : " ".repeat(left.length)}  ${line}`);
}

/** The lines for the first of many things, and how many more there are. */
export function limited<T>(all: readonly T[], layOut: (shown: readonly T[]) => string[]): string[] {
  const lines = layOut(all.slice(0, longest));
  return all.length <= longest ? lines : [...lines, `… and ${all.length - longest} more: --json lists them all`];
}

/** Names in a row, the first of many, each to fit into a line. */
export function list(names: readonly string[], width: number = lineWidth): string {
  const shown = names
    .slice(0, longest)
    .map((name) => cut(visible(name), width - 1))
    .join(", ");
  return names.length <= longest ? shown : `${shown}, … (${names.length} in all)`;
}

/** Three cells. */
export type WrappedRow = readonly [first: string, second: string, last: string];

/** Lays out rows. The first column is as wide as its widest cell, up to a limit; the last goes on in the lines below. */
export function wrappedColumns(rows: readonly WrappedRow[]): string[] {
  const first = Math.min(32, widest(rows.map((row) => visible(row[0]))));
  const second = widest(rows.map((row) => row[1]));
  return rows.flatMap(([name, middle, last]) =>
    beside(`${cell(name, first)}  ${cell(middle, second)}`, wrap(visible(last), lineWidth - first - second - 4)),
  );
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));
