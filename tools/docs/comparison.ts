import { readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { ensureRust } from "@wasi-kit/compiler";
import { findPrograms, resolveRun } from "@wasi-kit/manifest";
import type { Program, LanguageName } from "@wasi-kit/manifest";
import { onCopies, runSync } from "@wasi-kit/runner";
import type { SyncRunOptions } from "@wasi-kit/runner";
import { globSync } from "tinyglobby";
import { countCalls } from "./count-calls.ts";
import { compareScenarios, languages } from "./languages.ts";

/** Which files of an example are its source, and what in them is a comment. */
const sources: Readonly<Record<LanguageName, readonly [files: string, comment: RegExp]>> = {
  wat: ["*.wat", /^ *;;.*/gm],
  rust: ["src/**/*.rs", /^ *\/\/.*/gm],
  assemblyscript: ["assembly/**/*.ts", /^ *\/\/.*|\/\*[^]*?\*\//gm],
};

/** The figures of an example. Calls are counted in its first run. */
export interface Figures {
  /** What leads to it from the page. */
  path: string;
  language: LanguageName;
  /** Lines of its source that hold more than a comment. */
  lines: number;
  /** The size of its module, in kB (1000 bytes), as it is shown. */
  size: string;
  /** How many WASI functions the run calls, as it is shown; a dash for a library, which has no run of its own. */
  calls: string;
}

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
  const rust = await ensureRust({ dir, log() {} }).then(({ version }) => version.split(" ").slice(0, 2).join(" "));
  if (isTrue(before, figures, rust)) return before;

  const times = timesOf(examples.filter((_, i) => figures[i]?.calls !== none));
  const rows = figures.map((it, i, all) => {
    const time =
      times
        .get(examples[i] as Program)
        ?.toFixed(1)
        .concat(" ms") ?? none;
    return `${keyOf(it, i, all)} ${[it.lines, it.size, it.calls, time].join(" | ")} |`;
  });
  const head = "| scenario | language | lines | module | calls | start |\n|---|---|--:|--:|--:|--:|";
  return `${[head, ...rows].join("\n")}\n\n${withRust(rust)}`;
}

const none = "–";
const withRust = (rust: string): string => `Built with ${rust}.`;

/** The beginning of a row. Only the first row of a scenario has its name. */
function keyOf({ path, language }: Figures, i: number, all: readonly Figures[]): string {
  const scenario = basename(path);
  const isFirst = i === 0 || basename((all[i - 1] as Figures).path) !== scenario;
  return `| ${isFirst ? `**${scenario}**` : ""} | [${languages[language]}](${path}) |`;
}

/** Whether a page says what is so. Times are not compared, and neither is what another Rust made. */
export function isTrue(page: string, figures: readonly Figures[], rust: string): boolean {
  const rows = page.split("\n").filter((line) => line.includes("]("));
  const hasSameRust = page.endsWith(withRust(rust));
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
        ((it.language === "rust" && !hasSameRust) || (calls === it.calls && isNear(size, it.size)))
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
  const language = manifest.build?.language;
  if (!language) throw new Error(`${dir} is built from nothing: there is no language to compare.`);
  return {
    path: relative(from, dir),
    language,
    lines: linesOf(dir, language),
    size: `${(statSync(join(dir, manifest.module)).size / 1000).toFixed(1)} kB`,
    calls: isCommand(example) ? String(onView(example, countCalls)) : none,
  };
}

function linesOf(dir: string, language: LanguageName): number {
  const [files, comment] = sources[language];
  const paths = globSync(files, { cwd: dir, absolute: true });
  return paths.reduce((sum, path) => sum + countLines(readFileSync(path, "utf8"), comment), 0);
}

function countLines(text: string, comment: RegExp): number {
  return text
    .replaceAll(comment, "")
    .split("\n")
    .filter((line) => line.trim() !== "").length;
}

const isCommand = ({ dir, manifest }: Program): boolean =>
  WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(join(dir, manifest.module)))).some(
    ({ name }) => name === "_start",
  );

/**
 * The shortest time from a module's file to the end of its first run, in
 * milliseconds: other tests that run at the same time only make it longer. The
 * examples take turns, so that a disturbance affects all of them.
 */
function timesOf(examples: readonly Program[]): Map<Program, number> {
  const times = new Map(examples.map((example) => [example, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [example, its] of times) its.push(onView(example, timeOf));
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
