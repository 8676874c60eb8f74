import type { Verdict } from "./run.ts";
import type { SuiteTest } from "./suite-test.ts";
import type { Suite } from "./suite.ts";
import type { Results } from "./suites.ts";

/** Formats the results of suites as a page in Markdown. */
export function formatPage(results: readonly Results[]): string {
  return [
    "# Conformance",
    "",
    "Other projects' test suites for WASI, and the tests of languages' standard libraries, on each of wasi-kit's file",
    "systems: directories of the host, files in memory, and a copy-on-write view of a directory; and in Chromium, on files in",
    "memory. The tests of wasi-libc are not among them, since no package registry has them. `pnpm conformance --write",
    "docs/conformance.md` writes this page.",
    "",
    ...results.flatMap(formatSuite),
  ].join("\n");
}

/** What failed and was not to, and what passed and was not to, a line each. */
export const failuresOf = ({ suite, verdicts }: Results): string[] =>
  [...verdicts].flatMap(([fileSystem, its]) =>
    its.flatMap(({ test, failure }) => {
      const isRefused = nameOf(test) in (suite.refused ?? {});
      if (isRefused === (failure !== undefined)) return [];
      return [`${nameOf(test)} on ${fileSystem}: ${failure ?? "it passes, and was to fail"}`];
    }),
  );

const nameOf = ({ group, name }: SuiteTest): string => `${group}/${name}`;

/** A row for each group, a column for each file system, then what failed. */
function formatSuite(results: Results): string[] {
  const { suite, verdicts } = results;
  const columns = [...verdicts];
  const tests = (columns[0]?.[1] ?? []).map(({ test }) => test);
  const groups = [...new Set(tests.map(({ group }) => group))];
  const failures = failuresOf(results).map((failure) => `- ${failure}`);
  const refused = Object.entries(suite.refused ?? {}).map(([name, reason]) => `- ${name}: ${reason}`);
  return [
    `## ${suite.name}`,
    "",
    ...wrap(suite.source),
    "",
    ...alignTable([
      ["", ...columns.map(([fileSystem]) => fileSystem)],
      ...groups.map((group) => [group, ...columns.map(([, its]) => count(its, group))]),
      ["**all**", ...columns.map(([, its]) => `**${count(its)}**`)],
    ]),
    "",
    ...(refused.length > 0 ? ["Not passed, on purpose:", "", ...refused, ""] : []),
    ...(failures.length > 0 ? ["Failed:", "", ...failures, ""] : []),
    ...(suite.published ? [`Other runtimes, as published: ${listed(suite.published)} of ${tests.length}.`, ""] : []),
    ...(suite.measured
      ? [`Other runtimes, with the same modules and files: ${listed(suite.measured)} of ${tests.length}.`, ""]
      : []),
  ];
}

const listed = (numbers: Readonly<Record<string, number>>): string =>
  Object.entries(numbers)
    .map(([runtime, passed]) => `${runtime} ${passed}`)
    .join(", ");

/** A group that was not run on a file system has no number there. */
function count(verdicts: readonly Verdict[], group?: string): string {
  const those = verdicts.filter(({ test }) => group === undefined || test.group === group);
  return those.length === 0 ? "–" : `${those.filter(({ failure }) => failure === undefined).length} of ${those.length}`;
}

/** The same in a line. */
export function countsOf(verdicts: readonly Verdict[]): string {
  const groups = [...new Set(verdicts.map(({ test }) => test.group))];
  return [...groups.map((group) => `${group} ${count(verdicts, group)}`), `all ${count(verdicts)}`].join(", ");
}

/** The section of a suite in a page; undefined if it has none. */
export const sectionOf = (page: string, { name }: Suite): string | undefined =>
  page.split(/^(?=## )/m).find((section) => section.startsWith(`## ${name}\n`));

/** The lines of a paragraph. */
function wrap(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = [lines.at(-1), word].filter(Boolean).join(" ");
    if (line.length > 120) lines.push(word);
    else lines[lines.length - 1] = line;
  }
  return lines;
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
