import type { Verdict } from "./run.ts";
import type { Suite } from "./suite.ts";

/** The verdicts of a suite on one Node.js. */
export interface Column {
  node: string;
  verdicts: Verdict[];
}

/** A suite's results as Markdown: a row for each language, a column for each Node.js, then what failed. */
export function formatSuite(suite: Suite, commit: string, columns: Column[]): string {
  const groups = [...new Set(suite.tests.map((test) => test.group))];
  const table = alignTable([
    ["", ...columns.map(({ node }) => `Node.js ${node}`)],
    ...groups.map((group) => [group, ...columns.map(({ verdicts }) => count(verdicts, group))]),
    ["**all**", ...columns.map(({ verdicts }) => `**${count(verdicts)}**`)],
  ]);

  const failures = columns.flatMap(({ node, verdicts }) =>
    verdicts.flatMap(({ test, failure }) => (failure ? [`- ${test.group}/${test.name} on ${node}: ${failure}`] : [])),
  );
  const published = Object.entries(suite.published).map(([runtime, passed]) => `${runtime} ${passed}`);

  return [
    `## ${suite.name}`,
    "",
    `Commit ${commit.slice(0, 12)}, ${suite.tests.length} tests.`,
    "",
    ...table,
    "",
    failures.length > 0 ? "Failed:" : "Nothing failed.",
    ...(failures.length > 0 ? ["", ...failures] : []),
    ...(published.length > 0 ? ["", `Others, as published: ${published.join(", ")} of ${suite.tests.length}.`] : []),
    "",
  ].join("\n");
}

function count(verdicts: Verdict[], group?: string): string {
  const those = verdicts.filter(({ test }) => group === undefined || test.group === group);
  return `${those.filter(({ failure }) => failure === undefined).length} of ${those.length}`;
}

/** The lines of a Markdown table with its columns as wide as they need, as the formatter leaves it. */
function alignTable([head = [], ...rows]: string[][]): string[] {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (cells: string[], fill: string): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0, fill)).join(" | ")} |`;
  return [
    line(head, " "),
    line(
      head.map(() => ""),
      "-",
    ),
    ...rows.map((row) => line(row, " ")),
  ];
}
