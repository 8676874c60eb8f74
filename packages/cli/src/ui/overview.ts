import { commands } from "../commands/index.ts";
import { helpSection, helpText } from "./help.ts";

/** What `wasi-kit --help` prints. It has to fit on a screen of 24 lines, as the help of a command. */
export function overview(stream: NodeJS.WriteStream): string {
  return helpText(
    ["wasi-kit builds, runs and checks WASI programs on Node.js."],
    ["wasi-kit COMMAND [OPTIONS]", "wasi-kit COMMAND --help[=all]", "wasi-kit MODULE.wasm [ARG…]"],
    [
      helpSection(
        "Commands",
        Object.entries(commands).map(([name, { summary }]) => [name, summary]),
      ),
    ],
    stream,
  );
}
