import type { Command } from "../../command-line/command.ts";
import { columns } from "../../ui/columns.ts";
import { print } from "../../ui/output.ts";
import { version } from "../../version.ts";

/** wasi-kit version */
export const command: Command = {
  usage: ["[--json]"],
  about: "Prints the version of wasi-kit, and what it runs on: what a bug report needs.",
  options: { json: { type: "boolean", about: "Print a JSON object" } },
  examples: [
    ["wasi-kit version", "For a person"],
    ["wasi-kit version --json | jq -r .version", "For a script; wasi-kit --version prints the same"],
  ],
  async run({ values }) {
    const { platform, arch } = process;
    const facts = { version: version(), node: process.versions.node, v8: process.versions.v8, platform, arch };
    const rows = [
      ["wasi-kit", facts.version],
      ["Node.js", facts.node],
      ["V8", facts.v8],
      ["platform", `${platform} ${arch}`],
    ];
    print(`${values["json"] ? JSON.stringify(facts, null, 2) : columns(rows).join("\n")}\n`);
    return 0;
  },
};
