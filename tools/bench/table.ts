import Table from "cli-table3";
import type { Measured } from "./comparison.ts";

/** What a benchmark gave, as it is kept. */
export interface Report {
  date: string;
  node: string;
  machine: string;
  measured: Measured[];
}

const head = ["", "median", "from … to", "ratio", "peak memory"];

function rowsOf({ measured }: Report): { comparison: string; rows: { cells: string[]; bound: string }[] }[] {
  return [...new Set(measured.map((it) => it.comparison))].map((comparison) => ({
    comparison,
    rows: measured
      .filter((it) => it.comparison === comparison)
      .map(({ contender, median, min, max, ratio, bound, peakBytes }) => ({
        cells: [
          contender,
          time(median),
          min === max ? "" : `${time(min)} … ${time(max)}`,
          asRatio(ratio),
          peakBytes === null ? "?" : `${Math.round(peakBytes / 2 ** 20)} MiB`,
        ],
        bound: bound === undefined ? "" : `≤ ${asRatio(bound)}`,
      })),
  }));
}

const asRatio = (ratio: number): string => ratio.toFixed(ratio < 0.01 ? 4 : ratio < 0.1 ? 3 : 2);

const about = ({ node, machine, date }: Report): string => `Node.js ${node}, ${machine}, ${date.slice(0, 10)}`;

const time = (milliseconds: number): string =>
  milliseconds >= 1000
    ? `${(milliseconds / 1000).toFixed(2)} s`
    : `${milliseconds.toFixed(milliseconds < 10 ? 3 : 1)} ms`;

/** A report for a terminal. */
export function asText(report: Report): string {
  const columns = [...head, "bound"];
  const layout = new Table({ head: columns, style: { head: [], border: [], compact: true } });
  for (const { comparison, rows } of rowsOf(report)) {
    layout.push([{ colSpan: columns.length, content: comparison }]);
    for (const { cells, bound } of rows) layout.push([`  ${cells[0]}`, ...cells.slice(1), bound]);
  }
  return `${layout.toString()}\n${about(report)}`;
}

/** A report for a document. */
export function asMarkdown(report: Report): string {
  const rows = rowsOf(report).flatMap((it) => [
    [`**${it.comparison}**`, "", "", "", ""],
    ...it.rows.map(({ cells }) => cells),
  ]);
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return `${lines.join("\n")}\n\n${about(report)}.`;
}
