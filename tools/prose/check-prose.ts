import { createRequire } from "node:module";
import { join } from "node:path";
import { TextlintKernel } from "@textlint/kernel";
import type { TextlintKernelOptions } from "@textlint/kernel";
import { root } from "../root.ts";
import { commentsOf } from "./comments.ts";

/** A file whose words are checked. */
export interface ProseFile {
  /** Its path from the repository's root. */
  path: string;
  /** Markdown without its code, all of a text, or the comments of a source. */
  kind: "markdown" | "text" | "comments";
  text: string;
}

/** Words that are right although the list has them. */
export interface Exception {
  /** A part of the line. */
  text: string;
  reason: string;
}

// They are CommonJS with a `default`, which Node.js and test runners import in different ways.
const require = createRequire(import.meta.url);
const markdown = require("@textlint/textlint-plugin-markdown") as Default<Plugin>;
const plainText = require("@textlint/textlint-plugin-text") as Default<Plugin>;
const prh = require("textlint-rule-prh") as Default<NonNullable<TextlintKernelOptions["rules"]>[number]["rule"]>;

type Plugin = NonNullable<TextlintKernelOptions["plugins"]>[number]["plugin"];

interface Default<T> {
  default: T;
}

const words = join(root, "tools/prose/words.yml");

/**
 * Checks the words of files by words.yml.
 *
 * @returns a line for each place, and for each exception that nothing needs
 */
export async function checkProse(
  files: readonly ProseFile[],
  exceptions: readonly Exception[] = [],
): Promise<string[]> {
  const kernel = new TextlintKernel();
  const unused = new Set(exceptions);
  const problems: string[] = [];
  for (const { path, kind, text } of files) {
    const content = kind === "comments" ? commentsOf(text) : text;
    const { messages } = await kernel.lintText(content, optionsFor(path, kind));
    const lines = content.split("\n");
    for (const { line, column, message } of messages) {
      const exception = exceptions.find((it) => lines[line - 1]?.includes(it.text));
      if (exception) unused.delete(exception);
      else problems.push(`${path}:${line}:${column}: ${message.replace(/\s*\n\s*/g, " ")}`);
    }
  }
  return [...problems, ...[...unused].map(({ text }) => `No file needs the exception for "${text}". Remove it.`)];
}

const optionsFor = (path: string, kind: ProseFile["kind"]): TextlintKernelOptions => ({
  ext: kind === "markdown" ? ".md" : ".txt",
  filePath: path,
  plugins: [
    { pluginId: "markdown", plugin: markdown.default },
    { pluginId: "text", plugin: plainText.default },
  ],
  rules: [{ ruleId: "prh", rule: prh.default, options: { rulePaths: [words] } }],
});
