import { relative } from "node:path";
import { build } from "@wasi-kit/compiler";
import { modulePath, sourcePath } from "@wasi-kit/manifest";
import type { Example } from "@wasi-kit/manifest";
import type { Command } from "../command.ts";
import { examplesBelow } from "../examples.ts";
import { say } from "../say.ts";
import { formatSize, formatTime } from "../table.ts";

/** wasi-kit build */
export const command: Command = {
  usage: ["[DIR…]"],
  about:
    "Compiles each example in the folders, and in those below them, to the module that its wasi.json names.\n" +
    "A missing compiler is provided where that is possible; WASI_KIT_NO_INSTALL=1 forbids it.",
  options: {
    debug: {
      type: "boolean",
      about: "Keep names, files and lines in the module, for the frames of a trap; the next build leaves them out",
    },
  },
  examples: [
    ["wasi-kit build", "Build the example in this folder, or all below it"],
    ["wasi-kit build examples/wat examples/rust/hello", "Build some"],
    ["wasi-kit build --debug", "Build it so that a trap names the lines that led to it"],
  ],
  exitCodes: [
    ["0", "All were built"],
    ["1", "One or more could not be built; their messages say why"],
    ["2", "There is nothing to build, or a wasi.json is not valid"],
  ],
  async run({ positionals, values }) {
    const found = await examplesBelow(positionals);
    let built = 0;
    let failed = 0;
    for (const example of found) {
      try {
        if (await buildOne(example, values["debug"] === true)) built++;
      } catch (error) {
        if (!(error instanceof Error && "exitCode" in error)) throw error;
        say("error", error.message);
        failed++;
      }
    }
    if (found.length > 1) say(failed > 0 ? "error" : "ok", `${built} built, ${failed} failed`);
    return failed > 0 ? 1 : 0;
  },
};

/** Returns whether there was anything to build. */
async function buildOne(example: Example, debug: boolean): Promise<boolean> {
  const { dir, manifest } = example;
  const source = sourcePath(example);
  if (!manifest.build || !source) {
    say("ok", `${manifest.module} is run as it is found: its wasi.json has no build`);
    return false;
  }
  const module = modulePath(example);
  const started = performance.now();
  const size = await build({
    dir,
    language: manifest.build.language,
    source,
    module,
    debug,
    log: (line) => say("warn", line),
  });
  say(
    "ok",
    `built ${relative(process.cwd(), module)} (${formatSize(size)}, ${formatTime(performance.now() - started)})`,
  );
  return true;
}
