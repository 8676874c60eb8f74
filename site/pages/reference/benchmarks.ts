import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../../tools/bench/table.ts";
import { bar, line, picture, text } from "../../../tools/docs/pictures/svg.ts";
import { root } from "../../../tools/root.ts";
import { table } from "../page.ts";
import type { Page } from "../page.ts";
import { inPage } from "../pictures.ts";
import { slugOf } from "../slug.ts";

type Measured = Report["measured"];

/** The page on benchmarks: a chart and a table for each comparison. */
export function benchmarksPage(): Page {
  const report = JSON.parse(readFileSync(join(root, "docs/benchmarks.json"), "utf8")) as Report;
  const comparisons = [...new Set(report.measured.map(({ comparison }) => comparison))];
  const blocks = comparisons.flatMap((comparison) => {
    const measured = report.measured.filter((it) => it.comparison === comparison);
    return [`## ${comparison}`, inPage(chart(comparison, measured)), figures(measured)];
  });
  const about = [
    "# Benchmarks",
    "`pnpm bench` measures these side by side on one machine. A bar is the median, and the line across its end goes from the fastest run to the slowest. The first bar of each chart is the baseline of the ratios. If a benchmark makes many runs in one process, the time is that of one run.",
    `Measured with Node.js ${report.node}, ${report.machine}, ${report.date.slice(0, 10)}.`,
  ];
  return { path: "reference/benchmarks.md", text: `${[...about, ...blocks].join("\n\n")}\n` };
}

const left = 250;
const width = 720;
const rowHeight = 34;

function chart(comparison: string, measured: Measured): string {
  const most = Math.max(...measured.map(({ max }) => max));
  const scale = (milliseconds: number): number => (milliseconds / most) * (width - left - 150);
  const height = measured.length * rowHeight + 8;
  const rows = measured.flatMap(({ contender, median, min, max, ratio }, i) => {
    const y = i * rowHeight + 8;
    const middle = y + 11;
    return [
      text(left - 12, y + 16, contender, { anchor: "end", size: 13 }),
      bar(left, y, Math.max(scale(median), 1), 22),
      line(left + Math.round(scale(min)), middle, left + Math.round(scale(max)), middle, "ink"),
      text(left + Math.round(scale(max)) + 8, y + 16, `${time(median)} (${factor(ratio)})`, { size: 13 }),
    ];
  });
  const description = measured.map(({ contender, median, ratio }) => `${contender}: ${time(median)}, ${factor(ratio)}`);
  const options = { name: slugOf(`chart ${comparison}`), width, height, title: comparison };
  return picture({ ...options, description: `${description.join("; ")}.` }, rows);
}

const figures = (measured: Measured): string =>
  table(
    ["", "median", "from … to", "ratio", "peak memory"],
    measured.map(({ contender, median, min, max, ratio, peakBytes }) => [
      contender,
      time(median),
      min === max ? "" : `${time(min)} … ${time(max)}`,
      factor(ratio),
      peakBytes === null ? "unknown" : `${Math.round(peakBytes / 2 ** 20)} MiB`,
    ]),
  );

const factor = (ratio: number): string => `${ratio.toPrecision(ratio < 10 ? 2 : 3)} ×`;

const time = (milliseconds: number): string =>
  milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(2)} s` : `${milliseconds.toPrecision(3)} ms`;
