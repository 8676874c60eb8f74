import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { findPrograms, languageOf, resolveRun } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";
import { runOnCopies, WasiKitError } from "@wasi-kit/runner";
import { root } from "../root.ts";
import type { SuiteTest } from "./suite-test.ts";
import type { Suite } from "./suite.ts";
import { readTree } from "./tree.ts";

/** The runs of this repository's examples. What they must print is what they print on this host; each is checked against its snapshot elsewhere. */
export const examples: Suite = {
  name: "The examples of wasi-kit",
  source: "All runs of the programs in `examples`. Each must do the same as on the host.",
  folder: join(root, "examples"),
  fileSystems: ["host", "memory", "copy-on-write", "in Chromium"],
  read: async (folder) =>
    (await findPrograms(folder)).flatMap((program) =>
      Object.keys(program.manifest.runs).map((name) => readRun(program, name, folder)),
    ),
};

function readRun(program: Program, run: string, folder: string): SuiteTest {
  const { module, options, exitCode } = resolveRun(program, run);
  const { args, argv0, env, preopens, stdin, clock, randomSeed, wasi } = options;
  const granted = Object.entries(preopens);
  return {
    group: languageOf(program.manifest) ?? "other",
    name: `${relative(folder, program.dir)} ${run}`,
    module,
    args,
    ...(argv0 === undefined ? {} : { argv0 }),
    env,
    stdin: typeof stdin === "string" ? stdin : readFileSync(stdin.file, "utf8"),
    files: Object.fromEntries(granted.map(([, it], i) => [`${i}`, "path" in it ? readTree(it.path) : it.files])),
    directories: Object.fromEntries(granted.map(([guestPath], i) => [guestPath, `${i}`])),
    readOnly: granted.filter(([, { access }]) => access === "read-only").map(([guestPath]) => guestPath),
    options: { ...(clock && { clock }), ...(randomSeed !== undefined && { randomSeed }), wasi },
    exitCode,
    ...printed(module, options),
  };
}

/** What a run prints on this host; nothing is known of one that can't be started. */
function printed(module: string, options: Parameters<typeof runOnCopies>[1]): Pick<SuiteTest, "stdout" | "stderr"> {
  try {
    const { stdout, stderr } = runOnCopies(module, options);
    return { stdout, stderr };
  } catch (error) {
    if (error instanceof WasiKitError) return {};
    throw error;
  }
}
