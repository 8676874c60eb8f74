import { readFileSync } from "node:fs";
import type { Command } from "../../command-line/command.ts";
import { UsageError } from "../../command-line/command.ts";
import { packageFile } from "../../package-file.ts";
import { print } from "../../ui/output.ts";

/** The shells that there is a script for. */
const shells = ["bash", "zsh", "fish"];

/** wasi-kit completion */
export const command: Command = {
  usage: [shells.join("|")],
  about:
    "Prints a script for a shell that completes commands, options, the runs of a\n" +
    "wasi.json, and files. It asks wasi-kit at each Tab, so that it is never out of date.",
  options: {},
  completes: shells,
  examples: [
    ['eval "$(wasi-kit completion bash)"', "In ~/.bashrc"],
    ['eval "$(wasi-kit completion zsh)"', "In ~/.zshrc, after compinit"],
    ["wasi-kit completion fish | source", "In ~/.config/fish/config.fish"],
  ],
  async run({ positionals }) {
    const [shell = "", ...more] = positionals;
    if (!shells.includes(shell) || more.length > 0)
      throw new UsageError(`Name one shell: wasi-kit completion ${shells.join("|")}`);
    print(readFileSync(packageFile(`completions/wasi-kit.${shell}`), "utf8"));
    return 0;
  },
};
