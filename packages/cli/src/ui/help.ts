import type { Command } from "../command-line/command.ts";
import { columns } from "./columns.ts";
import { paint } from "./output.ts";

/** What to type, and what it does. */
type HelpRow = readonly [left: string, right: string];

/** What `wasi-kit NAME --help` prints. */
export function commandHelp(name: string, command: Command, stream: NodeJS.WriteStream): string {
  const options = Object.entries(command.options).map(([option, { value, mayHaveValue, about }]): HelpRow => [
    `--${option}${value ? (mayHaveValue ? `[=${value}]` : ` ${value}`) : ""}`,
    about,
  ]);
  return helpText(
    [command.about],
    command.usage.map((form) => `wasi-kit ${name} ${form}`.trimEnd()),
    [
      helpSection("Options", [...options, ["--help", "This text"]]),
      ...(command.exitCodes ? [helpSection("Exit codes", command.exitCodes)] : []),
      helpSection("Examples", command.examples),
    ],
    stream,
  );
}

/** A part of the help. */
interface HelpSection {
  title: string;
  lines: string[];
}

/** Lays out rows in two columns. */
export const helpSection = (title: string, rows: readonly HelpRow[]): HelpSection => ({
  title,
  lines: columns(rows).map((line) => `  ${line}`),
});

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
