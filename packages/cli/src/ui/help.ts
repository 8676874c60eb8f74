import type { Command } from "../command-line/command.ts";
import { columns } from "./columns.ts";
import { wrap } from "./layout.ts";
import { paint } from "./output.ts";

/** What to type, and what it does. */
type HelpRow = readonly [left: string, right: string];

/** The most columns of a line. */
const width = 80;

/** More exit codes than this are a sentence: help has to fit on a screen. */
const mostExitCodes = 6;

/** What `wasi-kit NAME --help` prints. */
export function commandHelp(name: string, command: Command, stream: NodeJS.WriteStream): string {
  const options = Object.entries(command.options).map(([option, { value, mayHaveValue, about }]): HelpRow => [
    `--${option}${value ? (mayHaveValue ? `[=${value}]` : ` ${value}`) : ""}`,
    about,
  ]);
  return helpText(
    [wrap(command.about.replaceAll("\n", " "), width).join("\n")],
    command.usage.map((form) => `wasi-kit ${name} ${form}`.trimEnd()),
    [
      ...(options.length > 0 ? [helpSection("Options", options)] : []),
      ...(command.exitCodes ? [exitCodeSection(command.exitCodes)] : []),
      helpSection("Examples", command.examples),
    ],
    stream,
  );
}

function exitCodeSection(exitCodes: readonly HelpRow[]): HelpSection {
  if (exitCodes.length <= mostExitCodes) return helpSection("Exit codes", exitCodes);
  const all = exitCodes.map((row) => row.join(" ")).join(", ");
  return { title: "Exit codes", lines: wrap(`The guest's own, or: ${all}`, width - 2).map((line) => `  ${line}`) };
}

/** A part of the help. */
interface HelpSection {
  title: string;
  lines: string[];
}

/** Lays out rows in two columns; what is too long for the second one goes on below. */
export function helpSection(title: string, rows: readonly HelpRow[]): HelpSection {
  const left = Math.max(...rows.map(([first]) => first.length));
  // Beside a long command line there is no room for an explanation, which stays in its line.
  const right = Math.max(width - left - 4, 20);
  const wrapped = rows.flatMap(([first, second]) =>
    wrap(second, right).map((line, i): HelpRow => [i === 0 ? first : "", line]),
  );
  return { title, lines: columns(wrapped).map((line) => `  ${line}`) };
}

/** Puts a help text together. */
export function helpText(
  about: string[],
  usage: string[],
  sections: HelpSection[],
  stream: NodeJS.WriteStream,
): string {
  const all = [{ title: "Usage", lines: usage.map((line) => `  ${line}`) }, ...sections];
  const blocks = all.map(({ title, lines }) => [paint(stream, "strong", title), ...lines].join("\n"));
  return `${[...about, ...blocks].join("\n\n")}\n`;
}
