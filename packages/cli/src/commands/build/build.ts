import { relative } from "node:path";
import type { BuildTarget } from "@wasi-kit/compiler";
import { resolveBuild } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";
import { buildAndReport } from "../../programs/build-programs.ts";
import type { BuildCounts } from "../../programs/build-programs.ts";
import type { Command } from "../../command-line/command.ts";
import { refuseWith } from "../../command-line/refuse.ts";
import { programsBelow } from "../../programs/find-programs.ts";
import { say } from "../../ui/output.ts";
import { warnOfImports } from "./warn-of-imports.ts";

/** wasi-kit build */
export const command: Command = {
  usage: ["[DIR…]"],
  about:
    "Compiles each program in the folders, and in those below them, to the module that its wasi.json names.\n" +
    "What is up to date is left alone. A missing compiler is installed if that is possible, unless\n" +
    "WASI_KIT_NO_INSTALL=1 is set.",
  options: {
    watch: { type: "boolean", about: "Go on: build again whenever a source or a wasi.json changes" },
    force: { type: "boolean", about: "Build what is up to date as well" },
    debug: { type: "boolean", about: "Keep names, files and lines in the module, for the frames of a trap" },
  },
  examples: [
    ["wasi-kit build", "Build the program in this folder, or all below it"],
    ["wasi-kit build --debug one two", "Build some, so that a trap names the lines"],
  ],
  exitCodes: [
    ["0", "All are built, or up to date"],
    ["1", "At least one could not be built"],
    ["2", "There is nothing to build, a wasi.json is not valid, or a file can't be written"],
  ],
  async run({ positionals, values, rest }) {
    if (values["watch"]) {
      refuseWith("watch", { values, rest });
      const { watchMode } = await import("../dev/watch-mode.ts");
      return watchMode(positionals, { buildOnly: true });
    }
    const options = { debug: values["debug"] === true, force: values["force"] === true };
    const found = await programsBelow(positionals);
    const programs = new Map(
      found.flatMap((program) => {
        const target = buildTargetFor(program, options);
        return target ? [[target, program] as const] : [];
      }),
    );
    const targets = [...programs.keys()];
    const built: Program[] = [];
    const count = await buildAndReport(targets, (target) => built.push(programs.get(target) as Program));
    await warnOfImports(built);
    const [only] = targets;
    if (targets.length > 1) say(count.failed > 0 ? "error" : "ok", summarize(count));
    else if (only && count.current > 0) say("ok", `${relative(process.cwd(), only.module)} is up to date`);
    return count.exitCode;
  },
};

/** What there is to build of a program, if there is anything. */
function buildTargetFor(program: Program, options: Pick<BuildTarget, "debug" | "force">): BuildTarget | undefined {
  const build = resolveBuild(program);
  if (build) return { ...build, ...options, log: (line) => say("warn", line) };
  say("ok", `${program.manifest.module} is not built: its wasi.json has no "build"`);
  return undefined;
}

const summarize = ({ built, current, failed }: Readonly<BuildCounts>): string =>
  [`${built} built`, ...(current > 0 ? [`${current} up to date`] : []), `${failed} failed`].join(", ");
