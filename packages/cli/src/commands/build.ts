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
  options: {},
  examples: [
    ["wasi-kit build", "Build the example in this folder, or all below it"],
    ["wasi-kit build examples/wat examples/rust/hello", "Build some"],
  ],
  exitCodes: [
    ["0", "All were built"],
    ["1", "One or more could not be built; their messages say why"],
    ["2", "There is nothing to build, or a wasi.json is not valid"],
  ],
  async run({ positionals }) {
    const found = await examplesBelow(positionals);
    const failures: string[] = [];
    for (const example of found) {
      try {
        await buildOne(example);
      } catch (error) {
        if (!(error instanceof Error && "exitCode" in error)) throw error;
        say("error", error.message);
        failures.push(example.name);
      }
    }
    if (found.length > 1) {
      say(failures.length > 0 ? "error" : "ok", `${found.length - failures.length} built, ${failures.length} failed`);
    }
    return failures.length > 0 ? 1 : 0;
  },
};

async function buildOne(example: Example): Promise<void> {
  const { dir, manifest } = example;
  const source = sourcePath(example);
  if (!manifest.build || !source) {
    say("ok", `${manifest.module} is run as it is found: its wasi.json has no build`);
    return;
  }
  const module = modulePath(example);
  const started = performance.now();
  const size = await build({
    dir,
    language: manifest.build.language,
    source,
    module,
    log: (line) => say("warn", line),
  });
  say(
    "ok",
    `built ${relative(process.cwd(), module)} (${formatSize(size)}, ${formatTime(performance.now() - started)})`,
  );
}
