import { commands } from "../commands/index.ts";
import { helpSection, helpText } from "./help.ts";

/** What `wasi-kit --help` prints. */
export function overview(stream: NodeJS.WriteStream): string {
  return helpText(
    ["wasi-kit builds, runs and checks WASI programs on Node.js."],
    ["wasi-kit COMMAND [OPTIONS]", "wasi-kit MODULE.wasm [ARG…]"],
    [
      helpSection(
        "Commands",
        Object.entries(commands).map(([name, { summary }]) => [name, summary]),
      ),
      helpSection("Options", [
        ["COMMAND --help", "What a command does, with examples"],
        ["COMMAND --color MODE", "always, never or auto. Default: auto; NO_COLOR and FORCE_COLOR work too"],
        ["--version", "The version of wasi-kit"],
      ]),
      helpSection("Examples", [
        ["wasi-kit hello.wasm", "Run a module that is granted nothing"],
        ["wasi-kit build && wasi-kit run", "Build the program in this folder, and run it"],
      ]),
    ],
    stream,
  );
}
