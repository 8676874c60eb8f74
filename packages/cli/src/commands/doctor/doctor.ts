import { resolve } from "node:path";
import { languages } from "@wasi-kit/compiler";
import type { ToolStatus } from "@wasi-kit/compiler";
import { findPrograms, projectCommands } from "@wasi-kit/manifest";
import type { LanguageName } from "@wasi-kit/manifest";
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
      about: "Provide what is missing: Rust's target for WASI, with rustup or Debian's packages",
    },
    json: { type: "boolean", about: "Print a JSON array" },
  },
  examples: [
    ["wasi-kit doctor", "Check, and change nothing"],
    ["wasi-kit doctor --fix", "Provide what is missing"],
  ],
  exitCodes: [
    ["0", "Every language that is used here can be built"],
    ["1", "Something is missing"],
  ],
  async run({ positionals, values }) {
    const folder = oneFolder(positionals);
    const dir = resolve(folder);
    const used = (await languagesIn(folder)).map((name) => languages[name]);
    for (const { installTools } of values["fix"] ? used : []) await installTools?.({ dir, log });

    const known = (await Promise.all(used.map((language) => language.tools(dir)))).flat();
    // A package comes with the project's others.
    const { install } = projectCommands(dir);
    const tools = known.map((tool) => (tool.found ? tool : { installCommand: install, ...tool }));
    print(values["json"] ? `${JSON.stringify(tools, null, 2)}\n` : `${report([node(), directories(), ...tools])}\n`);
    return tools.every(({ found }) => found) ? 0 : 1;
  },
};

const log = (line: string): void => say("warn", line);

/** The languages that are used in a folder; all of them if there is no program yet. */
async function languagesIn(folder: string): Promise<LanguageName[]> {
  const used = (await findPrograms(folder)).flatMap(({ manifest }) =>
    manifest.build ? [manifest.build.language] : [],
  );
  const names = used.length > 0 ? [...new Set(used)] : (Object.keys(languages) as LanguageName[]);
  return names.toSorted();
}

type Row = Omit<ToolStatus, "language"> & { language: string };

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
      ? ["", "To fix it, type: wasi-kit doctor --fix", ...[...commands].map((it) => `or by hand:       ${it}`)]
      : []),
  ].join("\n");
}
