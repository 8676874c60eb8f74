import type { Command, Option } from "../command-line/command.ts";
import { commonOptions } from "../command-line/common-options.ts";
import { columns } from "./columns.ts";
import { wrap } from "./layout.ts";
import { paint } from "./output.ts";

/** What to type, and what it does. */
type HelpRow = readonly [left: string, right: string];

/** The most columns of a line. */
const width = 80;

/** More exit codes than these are left to `--help=all`. */
const mostExitCodes = 6;

/**
 * What `wasi-kit NAME --help` prints, which has to fit on a screen of 24 lines.
 *
 * @param isWhole - whether it is what `--help=all` prints, which need not
 */
export function commandHelp(name: string, command: Command, stream: NodeJS.WriteStream, isWhole: boolean): string {
  const { about, usage, examples, exitCodes = [] } = command;
  const own = Object.entries(command.options);
  const common = own.filter(([, { isRare }]) => !isRare);
  const showsExitCodes = isWhole || exitCodes.length <= mostExitCodes;
  const rows = [
    ...(isWhole ? [...own, ...Object.entries(commonOptions)] : common).map(optionRow),
    ...(isWhole || (common.length === own.length && showsExitCodes) ? [] : [leftOut]),
  ];
  return helpText(
    [wrap(about.replaceAll("\n", " "), width).join("\n")],
    usage.map((form) => `wasi-kit ${name} ${form}`.trimEnd()),
    [
      ...(rows.length > 0 ? [helpSection("Options", rows)] : []),
      ...(showsExitCodes && exitCodes.length > 0 ? [helpSection("Exit codes", exitCodes)] : []),
      helpSection("Examples", examples),
    ],
    stream,
  );
}

const leftOut: HelpRow = ["--help=all", "All options, and what the exit codes mean"];

const optionRow = ([name, { value, mayHaveValue, about }]: [string, Option]): HelpRow => [
  `--${name}${value ? (mayHaveValue ? `[=${value}]` : ` ${value}`) : ""}`,
  about,
];

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
