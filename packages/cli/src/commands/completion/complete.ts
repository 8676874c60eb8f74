import type { Command, Option } from "../../command-line/command.ts";
import { commonOptions } from "../../command-line/common-options.ts";
import { isFolder } from "../../programs/is-folder.ts";
import { commands } from "../index.ts";

/** A word that may follow, and what it means. */
type Candidate = readonly [word: string, about: string];

/**
 * Candidates for the scripts of `wasi-kit completion`: a line each, the word and what it means with a tab between.
 *
 * @param words - as {@link complete} takes them
 */
export async function completionLines(words: readonly string[]): Promise<string> {
  const found = await complete(words);
  return found.map(([word, about]) => `${word}\t${about}\n`).join("");
}

/**
 * What may be the last word of a command line. None is for files: a shell
 * completes those best by itself.
 *
 * @param words - the words after `wasi-kit`, up to the cursor; the last one is what has been typed of it
 */
async function complete(words: readonly string[]): Promise<Candidate[]> {
  const [name = "", ...rest] = words;
  const found =
    rest.length === 0
      ? Object.entries(commands).map(([it, { summary }]): Candidate => [it, summary])
      : await completeIn(name, rest);
  const typed = words.at(-1) ?? "";
  return found.filter(([word]) => word.startsWith(typed));
}

/** The same after the name of a command. */
async function completeIn(name: string, words: readonly string[]): Promise<Candidate[]> {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) return [];
  const { command } = await entry.load();
  const options: Command["options"] = { ...command.options, ...commonOptions };
  const typed = words.at(-1) ?? "";
  const positionals: string[] = [];
  let awaiting: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (awaiting) awaiting = undefined;
    else if (word === "--") return [];
    else if (word.startsWith("--")) awaiting = optionWithValue(options, word.slice(2));
    else if (command.isModule?.(word)) return [];
    else positionals.push(word);
  }
  if (awaiting) return valuesOf(awaiting, positionals);
  const [, inline] = /^--([\w-]+)=/.exec(typed) ?? [];
  if (inline !== undefined) {
    const values = await valuesOf(options[inline], positionals);
    return values.map(([value, about]) => [`--${inline}=${value}`, about]);
  }
  if (typed.startsWith("-")) return Object.entries(options).map(([it, { about }]) => [`--${it}`, about]);
  return (command.completes ?? []).map((it) => [it, ""]);
}

/** An option that takes the next word as its value. */
function optionWithValue(options: Command["options"], name: string): Option | undefined {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  return option?.type === "string" ? option : undefined;
}

async function valuesOf(option: Option | undefined, positionals: readonly string[]): Promise<Candidate[]> {
  const { completes = [] } = option ?? {};
  return completes === "runs" ? runsIn(positionals.find(isFolder) ?? ".") : completes.map((it) => [it, ""]);
}

/** The runs of a folder's wasi.json; of one that is not valid, none. */
async function runsIn(folder: string): Promise<Candidate[]> {
  const { describeGrants, readProgram } = await import("@wasi-kit/manifest");
  try {
    const { manifest } = await readProgram(folder);
    return Object.entries(manifest.runs).map(([name, run]) => {
      const args = describeGrants(run).find(([kind]) => kind === "args");
      return [name, args ? `args: ${args[1].join(" ")}` : ""];
    });
  } catch {
    return [];
  }
}
