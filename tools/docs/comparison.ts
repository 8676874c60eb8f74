import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, relative } from "node:path";
import { languages } from "@wasi-kit/compiler";
import { findPrograms, languageOf, modulePath, resolveRun } from "@wasi-kit/manifest";
import type { Program, LanguageName } from "@wasi-kit/manifest";
import { onCopies, runSync } from "@wasi-kit/runner";
import type { SyncRunOptions } from "@wasi-kit/runner";
import { globSync } from "tinyglobby";
import { countCalls } from "./count-calls.ts";
import { compareScenarios, scenarioOf } from "./scenarios.ts";

/** The figures of an example. Calls are counted in its first run. */
export interface Figures {
  /** What leads to it from the page. */
  path: string;
  language: LanguageName;
  /** Lines of its source that hold more than a comment. */
  lines: number;
  /** What its module is like; undefined if its compiler is not on this machine. */
  module: ModuleFigures | undefined;
}

interface ModuleFigures {
  /** The size, in kB (1000 bytes), as it is shown. */
  size: string;
  /** How many WASI functions the run calls, as it is shown; a dash for a library, which has no run of its own. */
  calls: string;
}

/** By language, a compiler that npm does not install, with its version: `rustc 1.95.0`. */
type Compilers = ReadonlyMap<LanguageName, string>;

/** How often each run is measured. */
const rounds = 25;

/** How far a size may be off, as a part of it: a path that a compiler saw can be in a module. */
const tolerance = 0.05;

/**
 * Makes the table that compares the languages, scenario by scenario. The page's
 * table is kept while its other figures are true, so that measured times only
 * change together with them.
 *
 * @param before - the page's table
 */
export async function comparison(dir: string, before: string): Promise<string> {
  const examples = (await findPrograms(dir)).toSorted(compareScenarios);
  const figures = await Promise.all(examples.map((example) => figuresOf(example, dir)));
  const compilers = await compilersOf(figures, dir);
  if (isTrue(before, figures, compilers)) return before;

  const missing = figures.filter(({ module }) => !module).map(({ path }) => path);
  if (missing.length > 0) {
    throw new Error(
      `The table has to be written again, and there is no module of ${missing.join(", ")}: pnpm toolchains`,
    );
  }
  const times = timesOf(examples.filter((_, i) => figures[i]?.module?.calls !== none));
  const rows = figures.map((it, i, all) => {
    const time =
      times
        .get(examples[i] as Program)
        ?.toFixed(1)
        .concat(" ms") ?? none;
    return `${keyOf(it, i, all)} ${[it.lines, it.module?.size, it.module?.calls, time].join(" | ")} |`;
  });
  const head = "| scenario | language | lines | module | calls | start |\n|---|---|--:|--:|--:|--:|";
  return `${[head, ...rows].join("\n")}\n\nBuilt with ${[...compilers.values()].join(", ")}.`;
}

const none = "–";

async function compilersOf(figures: readonly Figures[], dir: string): Promise<Compilers> {
  const used = [...new Set(figures.filter(({ module }) => module).map(({ language }) => language))];
  const compilers = new Map<LanguageName, string>();
  for (const name of used.filter((language) => languages[language].installTools)) {
    const [compiler] = await languages[name].tools(dir);
    if (!compiler?.found) continue;
    // Rust's has a name in it: "rustc 1.95.0 (59807616e 2026-04-14)".
    const [version] = /^([a-z]+ )?\S+/.exec(compiler.version) ?? [compiler.version];
    compilers.set(name, version.includes(" ") ? version : `${compiler.name} ${version}`);
  }
  return compilers;
}

/** The beginning of a row. Only the first row of a scenario has its name. */
function keyOf({ path, language }: Figures, i: number, all: readonly Figures[]): string {
  const scenario = basename(path);
  const isFirst = i === 0 || basename((all[i - 1] as Figures).path) !== scenario;
  return `| ${isFirst ? `**${scenario}**` : ""} | [${languages[language].title}](${path}) |`;
}

/** Whether a page says what is so. Times are not compared, and neither is what another version of a compiler made. */
export function isTrue(page: string, figures: readonly Figures[], compilers: Compilers): boolean {
  const rows = page.split("\n").filter((line) => line.includes("]("));
  const named = /Built with (.*)\.$/.exec(page)?.[1]?.split(", ") ?? [];
  const isComparable = (language: LanguageName): boolean => {
    const compiler = compilers.get(language);
    return compiler === undefined || named.includes(compiler);
  };
  return (
    rows.length === figures.length &&
    figures.every((it, i, all) => {
      const row = rows[i] as string;
      const key = keyOf(it, i, all);
      const [lines, size = "", calls] = row
        .slice(key.length)
        .split(" | ")
        .map((cell) => cell.trim());
      return (
        row.startsWith(key) &&
        lines === String(it.lines) &&
        (!it.module || !isComparable(it.language) || (calls === it.module.calls && isNear(size, it.module.size)))
      );
    })
  );
}

function isNear(shown: string, today: string): boolean {
  const [a, b] = [Number.parseFloat(shown), Number.parseFloat(today)];
  return Math.abs(a - b) <= tolerance * b;
}

async function figuresOf(example: Program, from: string): Promise<Figures> {
  const { dir, manifest } = example;
  const language = languageOf(manifest);
  if (!language) throw new Error(`${dir} is built from nothing: there is no language to compare.`);
  return {
    path: relative(from, dir),
    language,
    lines: linesOf(dir, language),
    module: existsSync(modulePath(example)) ? moduleFigures(example) : undefined,
  };
}

const moduleFigures = (example: Program): ModuleFigures => ({
  size: `${(statSync(modulePath(example)).size / 1000).toFixed(1)} kB`,
  calls: isCommand(example) ? String(onView(example, countRepeatedly)) : none,
});

function linesOf(dir: string, language: LanguageName): number {
  const { sources, comment } = languages[language];
  const paths = globSync(sources, { cwd: dir, absolute: true });
  return paths.reduce((sum, path) => sum + countLines(readFileSync(path, "utf8"), comment), 0);
}

function countLines(text: string, comment: RegExp): number {
  return text
    .replaceAll(comment, "")
    .split("\n")
    .filter((line) => line.trim() !== "").length;
}

/** Go's runtime reads clocks and random bytes, and does more or less by what it gets. */
const countRepeatedly: typeof countCalls = (module, options, exitCode) =>
  countCalls(module, { clock: { start: "2020-07-01T00:00:00Z" }, randomSeed: 1, ...options }, exitCode);

const isCommand = (example: Program): boolean =>
  WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(modulePath(example)))).some(
    ({ name }) => name === "_start",
  );

/**
 * The shortest time from a module's file to the end of its first run, in
 * milliseconds: other tests that run at the same time only make it longer. The
 * examples of a scenario take turns, so that a disturbance affects all of them,
 * and the engine still has what it compiled of them.
 */
function timesOf(examples: readonly Program[]): Map<Program, number> {
  const times = new Map(examples.map((example) => [example, [] as number[]]));
  for (const scenario of new Set(examples.map(scenarioOf))) {
    const its = [...times].filter(([example]) => scenarioOf(example) === scenario);
    for (let round = 0; round < rounds; round++) for (const [example, own] of its) own.push(onView(example, timeOf));
  }
  return new Map([...times].map(([example, its]) => [example, Math.min(...its)]));
}

function timeOf(module: string, options: SyncRunOptions): number {
  const started = process.hrtime.bigint();
  runSync(module, options);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

function onView<T>(example: Program, work: (module: string, options: SyncRunOptions, exitCode: number) => T): T {
  const { module, options, exitCode } = resolveRun(example, undefined, {});
  return work(module, onCopies(options), exitCode);
}
