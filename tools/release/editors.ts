import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LanguageName } from "@wasi-kit/manifest";
import type { Shell } from "./newcomer.ts";

/** Does in a project what an editor does; by the compiler that a language server asks, or that stands for it. */
type Editor = (folder: string, shell: Shell) => Promise<void>;

/** What an editor of a language makes of the files of a project: it finds no error in them. */
export const editors: Readonly<Record<LanguageName, Editor>> = {
  // Its extension has nothing but colours.
  wat: async () => {},
  assemblyscript: (folder, { run }) => run(folder, "tsc -p assembly"),
  // rust-analyzer has cargo check a crate.
  rust: (folder, { run }) => run(folder, "cargo check --quiet"),
  // clangd takes each line of compile_flags.txt for an option.
  c: (folder, { run }) => run(folder, "clang @compile_flags.txt -fsyntax-only src/main.c"),
  // gopls has the variables from the settings of Visual Studio Code.
  go: (folder, { run }) => run(folder, "go vet .", goVariables(folder)),
  // zls shows what this finds, and formats a file that is saved.
  async zig(folder, { run }) {
    await run(folder, "zig ast-check src/main.zig");
    await run(folder, "zig fmt --check src");
  },
};

function goVariables(folder: string): Record<string, string> {
  const settings = JSON.parse(readFileSync(join(folder, ".vscode/settings.json"), "utf8")) as {
    gopls: { "build.env": Record<string, string> };
  };
  return settings.gopls["build.env"];
}
