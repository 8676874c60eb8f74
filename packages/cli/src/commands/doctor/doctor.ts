import { resolve } from "node:path";
import { BuildError, languages } from "@wasi-kit/compiler";
import type { ToolStatus } from "@wasi-kit/compiler";
import { findCommand } from "@wasi-kit/compiler/system";
import { findPrograms, languageOf, resolveBuild } from "@wasi-kit/manifest";
import { asTyped, projectCommands } from "@wasi-kit/runner/commands";
import type { LanguageName, Program } from "@wasi-kit/manifest";
import { holdsByDescriptor } from "@wasi-kit/runner";
import type { Command } from "../../command-line/command.ts";
import { oneFolder } from "../../programs/find-programs.ts";
import { columns } from "../../ui/columns.ts";
import { paint, print, say } from "../../ui/output.ts";

/** wasi-kit doctor */
export const command: Command = {
  usage: ["[DIR] [--fix] [--json]"],
  about: "Checks what the programs in a folder and below it are built with: where it was found, or how to get it.",
  options: {
    fix: {
      type: "boolean",
      about: "Install what is missing, with the package manager that has it: rustup, apt-get, …",
    },
    json: { type: "boolean", about: "Print a JSON array" },
  },
  examples: [
    ["wasi-kit doctor", "Check, and change nothing"],
    ["wasi-kit doctor --fix", "Install what is missing"],
  ],
  exitCodes: [
    ["0", "Every language that is used here can be built"],
    ["1", "Something is missing"],
  ],
  async run({ positionals, values }) {
    const folder = oneFolder(positionals);
    const dir = resolve(folder);
    const programs = await findPrograms(folder);
    const used = languagesOf(programs).map((name) => languages[name]);
    // What one language lacks does not keep another from being installed.
    for (const { installTools } of values["fix"] && programs.length > 0 ? used : []) {
      await installTools?.({ dir, log }).catch(sayWhy);
    }
    if (values["fix"] && programs.length === 0)
      log("nothing is installed: there is no program here that would need it");

    const ofLanguages: Tool[] = (await Promise.all(used.map((language) => language.tools(dir)))).flat();
    const known = [...ofLanguages, ...commandsOf(programs)];
    // A package comes with the project's others.
    const { install } = projectCommands(dir);
    const tools = known.map((tool) => (tool.found ? tool : { installCommand: install, ...tool }));
    print(
      values["json"]
        ? `${JSON.stringify(tools, null, 2)}\n`
        : `${report([node(), directories(), ...tools.map((tool) => ({ ...tool, language: tool.language ?? "a command" }))])}\n`,
    );
    return tools.every(({ found }) => found) ? 0 : 1;
  },
};

const log = (line: string): void => say("warn", line);

function sayWhy(error: unknown): void {
  if (!(error instanceof BuildError)) throw error;
  say("error", error.message);
}

/** A tool of a language, or a command that makes the modules of programs: `language` is null for one. */
type Tool = Omit<ToolStatus, "language"> & { language: LanguageName | null };

/** The languages that programs are written in; all of them if there is no program yet. */
function languagesOf(programs: readonly Program[]): LanguageName[] {
  const used = programs.flatMap(({ manifest }) => languageOf(manifest) ?? []);
  return programs.length > 0 ? [...new Set(used)].toSorted() : (Object.keys(languages) as LanguageName[]);
}

/** The commands that make modules of programs. */
function commandsOf(programs: readonly Program[]): Tool[] {
  const found = new Map(
    programs
      .flatMap((program) => resolveBuild(program) ?? [])
      .flatMap((build) =>
        "command" in build ? [[build.command[0] as string, findCommand(build.command[0] as string, build.dir)]] : [],
      ),
  );
  return [...found].map(([name, path]) => ({
    name,
    language: null,
    found: path !== undefined,
    version: path === undefined ? "not found" : "",
    path: path ?? "",
    ...(path === undefined ? { installCommand: `install ${name}` } : {}),
  }));
}

type Row = Omit<Tool, "language"> & { language: string };

const node = (): Row => ({
  name: "Node.js",
  language: "all",
  found: true,
  version: process.version,
  path: process.execPath,
});

/** How directories are held while a guest uses them. */
const directories = (): Row => ({
  name: "directories",
  language: "all",
  found: true,
  ...(holdsByDescriptor()
    ? { version: "by descriptor", path: "/proc/self/fd" }
    : { version: "by path", path: "there is no /proc, so another program can lead a guest out of one while it runs" }),
});

function report(tools: Row[]): string {
  const rows = tools.map(({ name, language, found, version, path }) => [
    paint(process.stdout, found ? "ok" : "error", found ? "ok" : "missing"),
    name,
    language,
    version,
    path,
  ]);
  const commands = new Set(tools.flatMap(({ installCommand = [] }) => installCommand));
  return [
    ...columns([["", "tool", "for", "version", "found in"], ...rows]),
    ...(commands.size > 0
      ? [
          "",
          asTyped("To fix it, type: wasi-kit doctor --fix", "."),
          ...[...commands].map((it) => `or by hand:       ${it}`),
        ]
      : []),
  ].join("\n");
}
