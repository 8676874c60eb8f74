import { existsSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { languages } from "@wasi-kit/compiler";
import type { DetectedProgram } from "@wasi-kit/compiler";
import { manifestName, parseManifest } from "@wasi-kit/manifest";
import type { LanguageName } from "@wasi-kit/manifest";
import type { Command } from "../../command-line/command.ts";
import { UsageError } from "../../command-line/command.ts";
import { oneFolder } from "../../programs/find-programs.ts";
import { say } from "../../ui/output.ts";

/** wasi-kit init */
export const command: Command = {
  usage: ["[DIR|FILE]"],
  about:
    "Writes a wasi.json beside a crate, a .wat file or an AssemblyScript program, by what it finds there.\n" +
    "It declares one run that is granted nothing: add to it what the program needs.",
  options: {},
  examples: [
    ["wasi-kit init", "Look into this folder"],
    ["wasi-kit init my-crate", "Look into another one"],
    ["wasi-kit init one.wat", "Where there are several, take this one"],
  ],
  exitCodes: [
    ["0", "It was written"],
    ["2", "Nothing was found, or more than one, or there is a wasi.json already"],
  ],
  async run({ positionals }) {
    const { dir, language, file } = sourceIn(positionals);
    const target = join(dir, manifestName);
    const shown = relative(process.cwd(), target);
    // A link to nowhere is there, too.
    if (existsSync(target)) throw new UsageError(`${shown} is there already. Change it, or remove it first.`);

    const program = await languages[language].detect(dir, file);
    const text = manifestOf(dir, program);
    await parseManifest(text, shown);
    writeFileSync(target, text, { flag: "wx" });

    const folder = relative(process.cwd(), dir);
    const next = program.isCommand ? ["build", "run"] : ["build"];
    say("ok", `found ${program.label}`);
    say("ok", `wrote ${shown}: the module will be ${join(folder, "build", `${program.name}.wasm`)}`);
    if (program.warning) say("warn", program.warning);
    say("ok", `next, type: ${next.map((it) => `wasi-kit ${it} ${folder}`.trimEnd()).join(" && ")}`);
    return 0;
  },
};

interface Source {
  dir: string;
  language: LanguageName;
  /** Relative to the folder. */
  file: string;
}

/** The one source that was named, or that is there. */
function sourceIn(positionals: readonly string[]): Source {
  const [target = "."] = positionals;
  const isFile = statSync(target, { throwIfNoEntry: false })?.isFile() ?? false;
  const dir = resolve(isFile ? folderOf(target) : oneFolder(positionals));
  const found = Object.entries(languages).flatMap(([language, { findSources }]) =>
    findSources(dir).map((file) => ({ dir, language: language as LanguageName, file })),
  );
  const named = isFile ? found.filter(({ file }) => join(dir, file) === resolve(target)) : found;
  const [source] = named;
  if (source && named.length === 1) return source;

  const where = relative(process.cwd(), dir) || "this folder";
  throw new UsageError(
    source
      ? `There is more than one source in ${where}: ${named.map(({ file }) => file).join(", ")}.\n` +
          `A wasi.json is for one. Name it: ${named.map(({ file }) => `wasi-kit init ${relative(process.cwd(), join(dir, file))}`).join(", or ")}`
      : `There is no Cargo.toml, no .wat file and no assembly/index.ts ${isFile ? `named ${target}` : `in ${where}`}.\n` +
          "To start from an example, type: npm create wasi-kit@latest",
  );
}

/** The folder that a wasi.json for a source belongs to. */
function folderOf(file: string): string {
  const folder = dirname(resolve(file));
  return basename(folder) === "assembly" ? dirname(folder) : folder;
}

function manifestOf(dir: string, { name, description, build }: DetectedProgram): string {
  const schema = schemaFor(dir);
  const manifest = {
    ...(schema ? { $schema: schema } : {}),
    description: description || `Runs ${name}`,
    build,
    module: `build/${name}.wasm`,
    runs: { default: {} },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Where an editor finds the schema: in the node_modules of this folder or of one above; undefined where it is in none. */
function schemaFor(dir: string): string | undefined {
  const path = "node_modules/@wasi-kit/manifest/wasi.schema.json";
  for (let above = dir; ; above = dirname(above)) {
    if (existsSync(join(above, path))) return above === dir ? `./${path}` : relative(dir, join(above, path));
    if (above === dirname(above)) return undefined;
  }
}
