import type { Command } from "../command-line/command.ts";
import { paint } from "./output.ts";

/** A row of the help: what to type, and what it does. */
export type Row = readonly [left: string, right: string];

/** What `wasi-kit NAME --help` prints. */
export function commandHelp(name: string, command: Command, stream: NodeJS.WriteStream): string {
  const options = Object.entries(command.options).map(([option, { value, mayHaveValue, about }]): Row => [
    `--${option}${value ? (mayHaveValue ? `[=${value}]` : ` ${value}`) : ""}`,
    about,
  ]);
  return text(
    [command.about],
    command.usage.map((form) => `wasi-kit ${name} ${form}`.trimEnd()),
    [
      section("Options", [...options, ["--help", "This text"]]),
      ...(command.exitCodes ? [section("Exit codes", command.exitCodes)] : []),
      section("Examples", command.examples),
    ],
    stream,
  );
}

/** A part of the help. */
export interface Section {
  title: string;
  lines: string[];
}

/** Lays out rows in two columns. */
export function section(title: string, rows: readonly Row[]): Section {
  const width = Math.max(...rows.map(([left]) => left.length));
  return { title, lines: rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`) };
}

/** Puts a help text together. */
export function text(about: string[], usage: string[], sections: Section[], stream: NodeJS.WriteStream): string {
  const all = [{ title: "Usage", lines: usage.map((line) => `  ${line}`) }, ...sections];
  const blocks = all.map(({ title, lines }) => [paint(stream, "strong", title), ...lines].join("\n"));
  return `${[...about, ...blocks].join("\n\n")}\n`;
}
