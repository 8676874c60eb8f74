import { resolve } from "node:path";
import { provideRust, tools } from "@wasi-kit/compiler";
import type { Tool } from "@wasi-kit/compiler";
import { findExamples } from "@wasi-kit/manifest";
import type { Language } from "@wasi-kit/manifest";
import { holdsByDescriptor } from "@wasi-kit/runner";
import type { Command } from "../../command-line/command.ts";
import { oneFolder } from "../../programs/find-programs.ts";
import { paint, print, say } from "../../ui/output.ts";
import { table } from "../../ui/table.ts";

/** wasi-kit doctor */
export const command: Command = {
  usage: ["[DIR] [--fix] [--json]"],
  about: "Checks what the examples in a folder and below it are built with: where it was found, or how to get it.",
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
    const languages = await languagesIn(folder);
    if (values["fix"] && languages.includes("rust")) await provideRust({ dir, log: (line) => say("warn", line) });

    const found = (await Promise.all(languages.map((language) => tools[language](dir)))).flat();
    print(values["json"] ? `${JSON.stringify(found, null, 2)}\n` : `${report([node(), directories(), ...found])}\n`);
    return found.every(({ ok }) => ok) ? 0 : 1;
  },
};

/** The languages that are used in a folder; all of them where there is no example yet. */
async function languagesIn(folder: string): Promise<Language[]> {
  const used = (await findExamples(folder)).flatMap(({ manifest }) =>
    manifest.build ? [manifest.build.language] : [],
  );
  return used.length > 0 ? [...new Set(used)].toSorted() : (Object.keys(tools) as Language[]);
}

type Row = Omit<Tool, "language"> & { language: string };

const node = (): Row => ({
  name: "Node.js",
  language: "all",
  ok: true,
  version: process.version,
  where: process.execPath,
});

/** How directories are held while a guest uses them. */
const directories = (): Row => ({
  name: "directories",
  language: "all",
  ok: true,
  ...(holdsByDescriptor()
    ? { version: "by descriptor", where: "/proc/self/fd" }
    : { version: "by path", where: "there is no /proc, so another program can lead a guest out of one while it runs" }),
});

function report(found: Row[]): string {
  const rows = found.map(({ name, language, ok, version, where }) => [
    paint(process.stdout, ok ? "ok" : "error", ok ? "ok" : "missing"),
    name,
    language,
    version,
    where,
  ]);
  const remedies = new Set(found.flatMap(({ remedy }) => (remedy ? [remedy] : [])));
  return [
    table(["", "tool", "for", "version", "found in"], rows),
    ...(remedies.size > 0
      ? ["", "To mend it, type: wasi-kit doctor --fix", ...[...remedies].map((it) => `or by hand:       ${it}`)]
      : []),
  ].join("\n");
}
