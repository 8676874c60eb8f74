import { join } from "node:path";
import { createServer } from "vite";
import type { Command, Option } from "../../../packages/cli/src/command-line/command.ts";
import { root } from "../../../tools/root.ts";
import { codeBlock, table } from "../page.ts";
import type { Page } from "../page.ts";

/** A command of the command line, and what the overview says of it. */
export interface NamedCommand {
  name: string;
  summary: string;
  command: Command;
}

interface CommandsModule {
  commands: Readonly<Record<string, { summary: string; load(): Promise<{ command: Command }> }>>;
}

interface OptionsModule {
  commonOptions: Readonly<Record<string, Option>>;
}

/** What `--help` is made of: the tables of commands and options in the sources of the command line. */
export async function loadCommands(): Promise<{ commands: NamedCommand[]; common: Command["options"] }> {
  // The command line is published as a bundle, which exports nothing: Vite loads the sources.
  const server = await createServer({
    root: join(root, "packages/cli"),
    configFile: false,
    logLevel: "error",
    appType: "custom",
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  });
  try {
    const { commands } = (await server.ssrLoadModule("/src/commands/index.ts")) as CommandsModule;
    const { commonOptions } = (await server.ssrLoadModule("/src/command-line/common-options.ts")) as OptionsModule;
    const loaded = Object.entries(commands).map(async ([name, { summary, load }]) => ({
      name,
      summary,
      command: (await load()).command,
    }));
    return { commands: await Promise.all(loaded), common: commonOptions };
  } finally {
    await server.close();
  }
}

/** A page for each command, and one that lists them. */
export function commandPages(commands: readonly NamedCommand[], common: Command["options"]): Page[] {
  const list = commands.map(({ name, summary }) => [`[\`${name}\`](/reference/command-line/${name})`, summary]);
  return [
    {
      path: "reference/command-line/index.md",
      text: `# The command line\n\n\`wasi-kit COMMAND\` does one of these. \`wasi-kit MODULE.wasm ARG…\` is short for \`wasi-kit run MODULE.wasm ARG…\`.\n\n${table(["command", "what it does"], list)}\n`,
    },
    ...commands.map((it) => commandPage(it, common)),
  ];
}

function commandPage({ name, command }: NamedCommand, common: Command["options"]): Page {
  const { about, usage, options, exitCodes = [], examples } = command;
  const rows = Object.entries({ ...options, ...common }).map(([option, it]) => [
    [...(it.short ? [`\`-${it.short}\``] : []), `\`--${option}${valueOf(it)}\``].join(", "),
    `${inTable(it.about)}.${it.multiple ? " Can be given several times." : ""}`.replace("..", "."),
  ]);
  const blocks = [
    `# \`wasi-kit ${name}\``,
    inTable(about.replaceAll("\n", " ")),
    codeBlock("text", usage.map((form) => `wasi-kit ${name} ${form}`.trimEnd()).join("\n")),
    "## Options",
    table(["option", "what it does"], rows),
    ...(exitCodes.length > 0 ? ["## Exit codes", table(["exit code", "meaning"], exitCodes)] : []),
    "## Examples",
    table(
      ["command line", "what it does"],
      examples.map(([line, what]) => [`\`${line}\``, inTable(what)]),
    ),
  ];
  return { path: `reference/command-line/${name}.md`, text: `${blocks.join("\n\n")}\n` };
}

const valueOf = ({ value, mayHaveValue }: Option): string =>
  value ? (mayHaveValue ? `[=${value}]` : ` ${value}`) : "";

/** Text in which Markdown and Vue find no markup. */
const inTable = (text: string): string => text.replaceAll("<", "&lt;").replaceAll("*", String.raw`\*`);
