import { commands } from "./command.ts";
import type { Command } from "./command.ts";
import { paint } from "./say.ts";

type Row = readonly [left: string, right: string];

/** What `wasi-kit --help` prints. */
export function overview(stream: NodeJS.WriteStream): string {
  return text(
    ["wasi-kit builds, runs and checks WASI programs on Node.js."],
    ["wasi-kit COMMAND [OPTIONS]"],
    [
      section(
        "Commands",
        Object.entries(commands).map(([name, { summary }]) => [name, summary]),
      ),
      section("Options", [
        ["COMMAND --help", "What a command does, with examples"],
        ["--version", "The version of wasi-kit"],
      ]),
      section("Examples", [
        ["wasi-kit run hello.wasm", "Run a module that is granted nothing"],
        ["wasi-kit build && wasi-kit run", "Build the example in this folder, and run it"],
      ]),
    ],
    stream,
  );
}

/** What `wasi-kit NAME --help` prints. */
export function commandHelp(name: string, command: Command, stream: NodeJS.WriteStream): string {
  const options = Object.entries(command.options).map(([option, { value, about }]): Row => [
    `--${option}${value ? ` ${value}` : ""}`,
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

interface Section {
  title: string;
  lines: string[];
}

function section(title: string, rows: readonly Row[]): Section {
  const width = Math.max(...rows.map(([left]) => left.length));
  return { title, lines: rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`) };
}

function text(about: string[], usage: string[], sections: Section[], stream: NodeJS.WriteStream): string {
  const all = [{ title: "Usage", lines: usage.map((line) => `  ${line}`) }, ...sections];
  const blocks = all.map(({ title, lines }) => [paint(stream, "strong", title), ...lines].join("\n"));
  return `${[...about, ...blocks].join("\n\n")}\n`;
}
