import { readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { findExamples } from "@wasi-kit/manifest";
import { x } from "tinyexec";
import { asMarkdown } from "../bench/table.ts";
import type { Report } from "../bench/table.ts";
import { root } from "../root.ts";

/**
 * What a Markdown file may include. Between `<!-- NAME ARGUMENT -->` and
 * `<!-- /NAME -->` stands what the function returns, and a test fails where
 * something else does; `pnpm test -u` writes it anew.
 */
const directives: Readonly<Record<string, (argument: string, dir: string) => string | Promise<string>>> = {
  /** A file, beside the Markdown file. */
  file: (path, dir) => fence(extname(path).slice(1), readFileSync(join(dir, path), "utf8")),
  /** The part of such a file, between blank lines, that holds a text: `part hello.wat (func $main`. */
  part: (argument, dir) => {
    const [path = "", ...words] = argument.split(" ");
    return fence(extname(path).slice(1), readPart(join(dir, path), words.join(" ")));
  },
  /** The snapshot of a run of the example beside it. */
  run: (name, dir) => fence("text", readSnapshot(dir, name)),
  /** What a run of the example beside it wrote to stdout. */
  stdout: (name, dir) => fence("text", stdoutOf(readSnapshot(dir, name))),
  /** A wasi-kit command line, as typed in the repository's root, and what it prints. */
  wasiKit: async (line) => fence("console", `$ wasi-kit ${line}\n${await wasiKit(line)}`),
  /** What a program in tools/docs/samples prints. */
  sample: async (name) => fence("text", await printed("node", [join("tools/docs/samples", name)])),
  examples: examplesTable,
  /** What `pnpm bench` gave, from the file of its figures. */
  benchmarks: (path, dir) => asMarkdown(JSON.parse(readFileSync(join(dir, path), "utf8")) as Report),
};

/** A Markdown text with what it includes filled in. */
export async function expand(text: string, path: string): Promise<string> {
  const names = Object.keys(directives).join("|");
  const blocks = new RegExp(`<!-- (${names}) ?(.*?) -->\\n[^]*?<!-- /\\1 -->`, "g");
  let expanded = "";
  let end = 0;
  for (const { index, 0: block, 1: name = "", 2: argument = "" } of text.matchAll(blocks)) {
    const content = await directives[name]?.(argument, dirname(path));
    expanded += `${text.slice(end, index)}<!-- ${`${name} ${argument}`.trim()} -->\n\n${content}\n\n<!-- /${name} -->`;
    end = index + block.length;
  }
  return expanded + text.slice(end);
}

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

function readPart(path: string, text: string): string {
  const parts = readFileSync(path, "utf8").split(/\n\n+/);
  const found = parts.filter((part) => part.includes(text));
  const [part = ""] = found;
  if (found.length !== 1) throw new Error(`${path} has ${found.length} parts with ${text}, and one is wanted.`);
  const indent = /^ */.exec(part)?.[0] ?? "";
  return part.replaceAll(new RegExp(`^${indent}`, "gm"), "");
}

const readSnapshot = (dir: string, name: string): string =>
  readFileSync(join(dir, "__snapshots__", `${name}.txt`), "utf8");

function stdoutOf(snapshot: string): string {
  const lines = snapshot.split("\n");
  const after = lines.slice(lines.indexOf("stdout") + 1);
  const end = after.findIndex((line) => !line.startsWith("| "));
  return after
    .slice(0, end)
    .map((line) => line.slice(2))
    .join("\n");
}

const wasiKit = (line: string): Promise<string> =>
  printed("node", ["packages/cli/bin/wasi-kit.cjs", ...line.split(" ")]);

/** What a program prints, stdout first; and its exit code, where that is not 0. */
async function printed(command: string, args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await x(command, args, { nodeOptions: { cwd: root } });
  return `${stdout}${stderr}${exitCode === 0 ? "" : `(exit code ${exitCode})`}`;
}

async function examplesTable(_: string, dir: string): Promise<string> {
  const rows = (await findExamples(join(root, "examples"))).map(({ dir: folder, manifest }) => {
    const path = folder.slice(dir.length + 1);
    const runs = Object.keys(manifest.runs).map((name) => `\`${name}\``);
    return `| [${path.replace("examples/", "")}](${path}) | ${manifest.description} | ${runs.join(", ")} |`;
  });
  return ["| example | what it shows | runs |", "|---|---|---|", ...rows].join("\n");
}
