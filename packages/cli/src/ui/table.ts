import Table from "cli-table3";

const none = "";
/** No lines: columns that a person reads and a script can cut. */
const plain = Object.fromEntries(
  [
    "top",
    "top-mid",
    "top-left",
    "top-right",
    "bottom",
    "bottom-mid",
    "bottom-left",
    "bottom-right",
    "left",
    "left-mid",
    "mid",
    "mid-mid",
    "right",
    "right-mid",
  ].map((part) => [part, none]),
);

/**
 * Lays out rows below a head; columns are as wide as their widest cell.
 *
 * @param numbers - how all columns but the last are aligned. Default: `"left"`
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: "left" | "right" = "left",
): string {
  const layout = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (i < head.length - 1 ? numbers : "left")),
    chars: { ...plain, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  layout.push(...rows.map((row) => [...row]));
  return layout
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
