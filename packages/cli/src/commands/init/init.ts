import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { languages } from "@wasi-kit/compiler";
import type { DetectedProgram } from "@wasi-kit/compiler";
import { holdSignals } from "@wasi-kit/compiler/system";
import { manifestName, parseManifest } from "@wasi-kit/manifest";
import { projectCommands } from "@wasi-kit/runner/commands";
import type { LanguageName } from "@wasi-kit/manifest";
import { equip, findHome, packageManagers } from "create-wasi-kit";
import type { Command } from "../../command-line/command.ts";
import { UsageError } from "../../command-line/command.ts";
import { oneFolder } from "../../programs/find-programs.ts";
import { say } from "../../ui/output.ts";
import { detectModule, findModules } from "./module.ts";

/** wasi-kit init */
export const command: Command = {
  usage: ["[DIR|FILE]"],
  about:
    "Writes a wasi.json beside the sources of a program or beside a module, by what it finds there.\n" +
    "It declares one run that is granted nothing: add to it what the program needs. Besides: a test, what git is to\n" +
    "ignore, and in package.json scripts and what they need. What is there already stays.",
  options: {},
  examples: [
    ["wasi-kit init", "Look into this folder"],
    ["wasi-kit init my-crate", "Look into another one"],
    ["wasi-kit init one.wat", "Of several, take this one"],
    ["wasi-kit init other.wasm", "A module that is built elsewhere"],
  ],
  exitCodes: [
    ["0", "It was written"],
    ["1", "A file could not be written"],
    ["2", "Nothing was found, or more than one, or there is a wasi.json already"],
  ],
  async run({ positionals }) {
    const { dir, language, file } = sourceIn(positionals);
    const target = join(dir, manifestName);
    const shown = relative(process.cwd(), target);
    // A link to nowhere is there, too.
    if (existsSync(target)) throw new UsageError(`${shown} is there already. Change it, or remove it first.`);

    const program = language ? await languages[language].detect(dir, file) : await detectModule(dir, file);
    const { root, nodeModules } = findHome(dir);
    const text = manifestOf(program, nodeModules);
    const { module } = await parseManifest(text, shown);
    const { written, isTestScript } = holdSignals(() => {
      writeFileSync(target, text, { flag: "wx" });
      return equip({ dir, program: program.name, language, isCommand: program.isCommand });
    });

    const { packageManager, install } = projectCommands(root);
    const { test, exec } = packageManagers[packageManager];
    const files = [target, ...written].map((path) => relative(process.cwd(), path));
    const where = relative(process.cwd(), root);
    say("ok", `found ${program.label}`);
    say("ok", `wrote ${files.join(", ")}`);
    if (language) say("ok", `the module will be ${relative(process.cwd(), join(dir, module))}`);
    if ("warning" in program) say("warn", program.warning);
    say("ok", `next, type${where ? ` in ${where}` : ""}: ${install} && ${isTestScript ? test : `${exec} vitest run`}`);
    return 0;
  },
};

interface Source {
  dir: string;
  /** Undefined for a module: it is built elsewhere. */
  language: LanguageName | undefined;
  /** Relative to the folder. */
  file: string;
}

/** The one source that was named, or that is there; a module counts if there is no source, or if it is named. */
function sourceIn(positionals: readonly string[]): Source {
  const [target = "."] = positionals;
  const isFile = statSync(target, { throwIfNoEntry: false })?.isFile() ?? false;
  const dir = resolve(isFile ? folderOf(target) : oneFolder(positionals));
  const sources = sourcesIn(dir);
  const modules: Source[] = findModules(dir).map((file) => ({ dir, language: undefined, file }));
  const found = isFile
    ? [...sources, ...modules].filter(({ file }) => join(dir, file) === resolve(target))
    : sources.length > 0
      ? sources
      : modules;
  const [source] = found;
  if (source && found.length === 1) return source;

  const where = relative(process.cwd(), dir) || "this folder";
  throw new UsageError(
    source
      ? `There is more than one source in ${where}: ${found.map(({ file }) => file).join(", ")}.\n` +
          `A wasi.json is for one. Name it: ${found.map(({ file }) => `wasi-kit init ${relative(process.cwd(), join(dir, file))}`).join(", or ")}`
      : `There is no ${Object.values(languages)
          .map(({ sign }) => sign)
          .join(", no ")} and no .wasm file ${isFile ? `named ${target}` : `in ${where}`}.\n` +
          "To start from an example, type: npm create wasi-kit@latest",
  );
}

const sourcesIn = (dir: string): Source[] =>
  Object.entries(languages).flatMap(([language, { findSources }]) =>
    findSources(dir).map((file) => ({ dir, language: language as LanguageName, file })),
  );

/** The folder that a wasi.json for a source belongs to: the one above for `assembly/index.ts`. */
function folderOf(source: string): string {
  const path = resolve(source);
  const folder = dirname(path);
  const above = dirname(folder);
  return sourcesIn(above).some(({ file }) => join(above, file) === path) ? above : folder;
}

type FoundProgram = Omit<DetectedProgram, "build"> & { build?: DetectedProgram["build"]; module?: string };

function manifestOf(
  { name, description, build, module = `build/${name}.wasm`, isCommand }: FoundProgram,
  nodeModules: string,
): string {
  const manifest = {
    $schema: `${nodeModules}/@wasi-kit/manifest/wasi.schema.json`,
    description: description || `Runs ${name}`,
    build,
    module,
    // A manifest has at least one run. A library can't be run, so that its only one expects that.
    runs: isCommand ? { default: {} } : { "as-a-command": { exitCode: 126 } },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
