import type { Verdict } from "./run.ts";
import type { Results } from "./suites.ts";

/** Formats the results of suites as a page in Markdown. */
export function formatPage(results: readonly Results[]): string {
  return [
    "# Conformance",
    "",
    "Other projects' test suites for WASI, on each of wasi-kit's file systems: directories of the host, files in memory,",
    "and a copy-on-write view of a directory. `pnpm conformance --write docs/conformance.md` writes this page.",
    "",
    ...results.flatMap(formatSuite),
  ].join("\n");
}

/** What failed, a line each. */
export const failuresOf = ({ verdicts }: Results): string[] =>
  [...verdicts].flatMap(([fileSystem, its]) =>
    its.flatMap(({ test, failure }) => (failure ? [`${test.group}/${test.name} on ${fileSystem}: ${failure}`] : [])),
  );

/** A row for each group, a column for each file system, then what failed. */
function formatSuite(results: Results): string[] {
  const { suite, verdicts } = results;
  const columns = [...verdicts];
  const tests = (columns[0]?.[1] ?? []).map(({ test }) => test);
  const groups = [...new Set(tests.map(({ group }) => group))];
  const failures = failuresOf(results).map((failure) => `- ${failure}`);
  const published = Object.entries(suite.published ?? {}).map(([runtime, passed]) => `${runtime} ${passed}`);
  return [
    `## ${suite.name}`,
    "",
    suite.source,
    "",
    ...alignTable([
      ["", ...columns.map(([fileSystem]) => fileSystem)],
      ...groups.map((group) => [group, ...columns.map(([, its]) => count(its, group))]),
      ["**all**", ...columns.map(([, its]) => `**${count(its)}**`)],
    ]),
    "",
    ...(failures.length > 0 ? ["Failed:", "", ...failures, ""] : []),
    ...(published.length > 0 ? [`Other runtimes, as published: ${published.join(", ")} of ${tests.length}.`, ""] : []),
  ];
}

function count(verdicts: readonly Verdict[], group?: string): string {
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
