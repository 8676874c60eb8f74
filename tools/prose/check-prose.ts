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
 * @returns a line for each place
 */
export async function checkProse(files: readonly ProseFile[]): Promise<string[]> {
  const kernel = new TextlintKernel();
  const problems: string[] = [];
  for (const { path, kind, text } of files) {
    const content = kind === "comments" ? commentsOf(text) : text;
    const { messages } = await kernel.lintText(content, optionsFor(path, kind));
    for (const { line, column, message } of messages) {
      problems.push(`${path}:${line}:${column}: ${message.replace(/\s*\n\s*/g, " ")}`);
    }
  }
  return problems;
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
