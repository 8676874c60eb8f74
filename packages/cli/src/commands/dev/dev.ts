import type { Command, ParsedArgs } from "../../command-line/command.ts";
import { watchMode } from "./watch-mode.ts";

/** wasi-kit dev */
export const command: Command = {
  usage: ["[DIR…] [--run NAME]"],
  about:
    "Builds and runs the program in DIR, then again whenever its sources, its fixtures or its wasi.json change, and\n" +
    "shows what is new in the output. No directory is changed. Of several programs, the one that changed is run.",
  options: {
    run: {
      type: "string",
      value: "NAME",
      completes: "runs",
      about: "The run to make. Default: the first in the wasi.json",
    },
  },
  examples: [
    ["wasi-kit dev", "Work on the program in this folder"],
    ["wasi-kit dev --run denied examples/rust/read-file", "On another one, and one of its runs"],
    ["wasi-kit dev examples", "On whichever is edited"],
  ],
  exitCodes: [
    ["0", "It was ended with q"],
    ["2", "There is nothing to work on, a wasi.json is not valid, or another wasi-kit dev is at work there"],
    ["130", "Ctrl-C ended it"],
  ],
  run: ({ positionals, values }: ParsedArgs) =>
    watchMode(positionals, { run: values["run"] as string | undefined, buildOnly: false }),
};
