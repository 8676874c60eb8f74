import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join, relative } from "node:path";
import { languages } from "@wasi-kit/compiler";
import { findPrograms, languageOf } from "@wasi-kit/manifest";
import type { Program } from "@wasi-kit/manifest";
import { x } from "tinyexec";
import { asMarkdown } from "../bench/table.ts";
import type { Report } from "../bench/table.ts";
import { packAll, publishedPackages } from "../release/packages.ts";
import { root } from "../root.ts";
import { comparison } from "./comparison.ts";
import { compareScenarios, scenarioOf } from "./scenarios.ts";
import { curl } from "./server.ts";
import { type, writeFile } from "./walkthrough.ts";

type Directive = (argument: string, dir: string, before: string, document: string) => string | Promise<string>;

/**
 * What a Markdown file may include. Between `<!-- NAME ARGUMENT -->` and
 * `<!-- /NAME -->` is what the function returns. A test fails if it is something
 * else; `pnpm test:all -u` updates it.
 */
const directives: Readonly<Record<string, Directive>> = {
  /** A file, beside the Markdown file. */
  file: (path, dir) => fence(extname(path).slice(1), readFileSync(join(dir, path), "utf8")),
  /** The part of such a file, between blank lines, that contains a text: `part hello.wat (func $main`. */
  part: (argument, dir) => {
    const [path = "", ...words] = argument.split(" ");
    return fence(extname(path).slice(1), readPart(join(dir, path), words.join(" ")));
  },
  /** The snapshot of a run of the example beside it, or of another one: `run ../../examples/wat/hello/default`. */
  run: (path, dir) => fence("text", readSnapshot(dir, path)),
  /** What such a run wrote to stdout. */
  stdout: (path, dir) => fence("text", stdoutOf(readSnapshot(dir, path))),
  /** A wasi-kit command line, as typed in the repository's root, and what it prints. */
  wasiKit: async (line) => fence("console", `$ pnpm wasi-kit ${line}\n${await wasiKit(line)}`),
  /** How to get the example beside it; a project that was made of it is without. */
  create: (_, dir) =>
    `\`npm create wasi-kit@latest my-program -- --example ${relative(join(root, "examples"), dir)}\` makes a project of it.`,
  /**
   * A file that the reader writes, in a folder that is empty at the beginning. Its text stays as it is here, or is that of
   * a file: `write hello.wat ../../examples/wat/hello/hello.wat`.
   */
  write: (argument, dir, before, document) => {
    const [path = "", source] = argument.split(" ");
    const block =
      source === undefined ? before : fence(extname(path).slice(1), readFileSync(join(dir, source), "utf8"));
    writeFile(document, path, fenced(block));
    return block;
  },
  /** A command line that the reader types in that folder, and what it prints. */
  type: async (line, _dir, _before, document) => fence("console", `$ ${line}\n${await type(document, line)}`),
  /** What a program in tools/docs/samples prints. */
  sample: async (name) => fence("text", await sample(name)),
  /** What examples/server answers: `curl -d text http://localhost:8080/programs/hello`. */
  curl: async (args) => fence("console", `$ curl ${args}\n${await curl(args)}`),
  /** The examples of the folder `examples` beside it, a row a scenario. */
  examples: (_, dir) => examplesTable(join(dir, "examples"), dir),
  /** The languages compared by the examples below it. */
  comparison: (_, dir, before) => comparison(dir, before),
  /** The published packages, with the sizes of their tarballs. */
  packages: () => packagesTable(),
  /** What a file of declarations exports, from its comments: `api packages/runner/dist/index`. */
  api: async (entry) => (await import("./api.ts")).apiOf(entry),
  /** What `pnpm bench` gave, from the file of its figures. */
  benchmarks: (path, dir) => asMarkdown(JSON.parse(readFileSync(join(dir, path), "utf8")) as Report),
};

/** A Markdown text with what it includes filled in. */
export async function expand(text: string, path: string): Promise<string> {
  const names = Object.keys(directives).join("|");
  const blocks = new RegExp(`<!-- (${names}) ?(.*?) -->\\n([^]*?)<!-- /\\1 -->`, "g");
  let expanded = "";
  let end = 0;
  for (const { index, 0: block, 1: name = "", 2: argument = "", 3: before = "" } of text.matchAll(blocks)) {
    const content = await directives[name]?.(argument, dirname(path), before.trim(), path);
    expanded += `${text.slice(end, index)}<!-- ${`${name} ${argument}`.trim()} -->\n\n${content}\n\n<!-- /${name} -->`;
    end = index + block.length;
  }
  return expanded + text.slice(end);
}

/** The text in a code block. */
const fenced = (block: string): string => block.replace(/^```.*\n/, "").replace(/```$/, "");

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

function readPart(path: string, text: string): string {
  const parts = readFileSync(path, "utf8").split(/\n\n+/);
  const found = parts.filter((part) => part.includes(text));
  const [part = ""] = found;
  if (found.length !== 1) throw new Error(`${path} has ${found.length} parts with ${text}, and one is wanted.`);
  const indent = /^ */.exec(part)?.[0] ?? "";
  return part.replaceAll(new RegExp(`^${indent}`, "gm"), "");
}

const readSnapshot = (dir: string, path: string): string =>
  readFileSync(join(dir, dirname(path), "__snapshots__", `${basename(path)}.txt`), "utf8");

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

/** A program in TypeScript runs as `pnpm build` compiled it. No Node.js warns that node:wasi is experimental. */
const sample = (name: string): Promise<string> =>
  printed("node", [
    "--disable-warning=ExperimentalWarning",
    name.endsWith(".ts")
      ? join("tools/dist/docs/samples", name.replace(/ts$/, "js"))
      : join("tools/docs/samples", name),
  ]);

/** What a program prints, stdout first; and its exit code, where that is not 0. */
async function printed(command: string, args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await x(command, args, { nodeOptions: { cwd: root } });
  return `${stdout}${stderr}${exitCode === 0 ? "" : `(exit code ${exitCode})`}`;
}

async function examplesTable(folder: string, from: string): Promise<string> {
  const examples = (await findPrograms(folder)).toSorted(compareScenarios);
  const rows = [...new Set(examples.map(scenarioOf))].map((scenario) => {
    const same = examples.filter((it) => scenarioOf(it) === scenario);
    const [{ manifest }] = same as [Program];
    const links = same.map(({ dir, manifest: its }) => {
      const language = languageOf(its);
      return `[${language ? languages[language].title : "module"}](${relative(from, dir)})`;
    });
    const runs = Object.keys(manifest.runs).map((name) => `\`${name}\``);
    return `| ${[`**${scenario}**`, manifest.description, links.join(", "), runs.join(", ")].join(" | ")} |`;
  });
  return ["| scenario | what it shows | in | runs |", "|---|---|---|---|", ...rows].join("\n");
}

async function packagesTable(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-pack-"));
  try {
    const tarballs = await packAll(folder);
    const rows = publishedPackages().map(({ manifest }) => {
      const { size = 0 } = tarballs.find(({ name }) => name === manifest.name) ?? {};
      // Rounded, so that the page is not stale after every line of code.
      const packed = `about ${Math.max(1, Math.round(size / 50_000)) * 50} kB`;
      return `| ${[`\`${manifest.name}\``, manifest.description, packed].join(" | ")} |`;
    });
    return ["| package | what it is | packed |", "|---|---|---|", ...rows].join("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
