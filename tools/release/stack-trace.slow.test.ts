import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { x } from "tinyexec";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../root.ts";
import { assemble, imports } from "../wat.ts";
import { packAll } from "./packages.ts";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wasi-kit-trace-"));
  const tarballs = (await packAll(folder)).filter(({ name }) => ["wasi", "wasm", "runner"].includes(basename(name)));
  // Ours from their tarballs; what they need of others from the registry.
  const args = ["install", "--prefer-offline", "--no-audit", "--no-fund", ...tarballs.map(({ filename }) => filename)];
  await x("npm", args, { nodeOptions: { cwd: folder }, throwOnError: true });
  await assemble(
    folder,
    "cat",
    `(module ${imports} (memory (export "memory") 1)
      (data (i32.const 16) "\\20\\00\\00\\00\\08\\00\\00\\00")
      (func (export "_start") (drop (call $fd_read (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 8)))))`,
  );
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** A function in a stack trace, and the line that it was at. */
interface Frame {
  /** Empty if it has none. */
  name: string;
  path: string;
  line: number;
}

/** Lets a user's program fail below one of our functions. Gives what its stack trace shows of the packages. */
async function framesOf(options: string, ...flags: string[]): Promise<Frame[]> {
  const program = join(folder, "program.mjs");
  writeFileSync(
    program,
    `import { runSync } from "@wasi-kit/runner";
Error.stackTraceLimit = 100;
const fail = () => { throw new Error("thrown by the program"); };
try { runSync("cat.wasm", ${options}); } catch (error) { console.log(error.stack); }`,
  );
  const { stdout } = await x(process.execPath, [...flags, program], { nodeOptions: { cwd: folder } });
  expect(stdout).toMatch(/^Error: thrown by the program\n/);
  const frames = [...stdout.matchAll(/^ {4}at (?:(.*) \()?((?:file:\/\/)?\/[^():]*):(\d+):\d+\)?$/gm)];
  return frames
    .map(([, name = "", path = "", line]) => ({
      // `get args [as args]`, `Object.call`, `async run`
      name: name
        .replace(/ \[as .*/, "")
        .replace(/^.*[. ]/, "")
        .replace("<anonymous>", ""),
      path: path.startsWith("file:") ? fileURLToPath(path) : path,
      line: Number(line),
    }))
    .filter(({ path }) => path !== program);
}

/** The source in this repository that a file of an installed package was compiled from. */
const sourceOf = (path: string): string =>
  join(root, "packages", path.replace(/^.*\/node_modules\/@wasi-kit\//, "").replace(/\/dist\/(.*)\.js$/, "/src/$1.ts"));

const readLines = (path: string): string[] => readFileSync(path, "utf8").split("\n");

/** What keeps a person from finding a frame in the sources, given the frame that it called. */
function problemsOf({ name, path, line }: Frame, called?: Frame): string[] {
  const source = readFileSync(sourceOf(path), "utf8");
  // Sources are published, and a debugger shows these.
  const text = readLines(path)[line - 1] ?? "";
  const call = called?.name && `${called.name}(`;
  const callsByName =
    call && readLines(sourceOf(path)).some((it) => it.includes(call) && !it.includes(`function ${call}`));
  return [
    ...(new RegExp(`\\b${name}\\b`).test(source) ? [] : [`${name} is not in ${sourceOf(path)}`]),
    ...(text.length > 0 && text.length < 200 ? [] : [`${path}:${line} is no line of code`]),
    ...(callsByName && !text.includes(call) ? [`${path}:${line} does not call ${call}): ${text}`] : []),
  ];
}

test.each([
  ["a getter", "{ get args() { return fail(); } }"],
  ["a stream", "{ stdin: { read: fail, poll: fail } }"],
])(
  "a stack trace through the packages shows their functions and their lines: %s of the program",
  async (_, options) => {
    const compiled = await framesOf(options);
    const mapped = await framesOf(options, "--enable-source-maps");
    expect(compiled.length).toBeGreaterThan(1);
    expect(compiled.at(-1)?.name).toBe("runSync");
    expect(mapped.map(({ name }) => name)).toEqual(compiled.map(({ name }) => name));
    expect(mapped.map(({ path }) => sourceOf(path))).toEqual(compiled.map(({ path }) => sourceOf(path)));
    expect(mapped.filter(({ path }) => !path.endsWith(".ts"))).toEqual([]);

    const problems = [compiled, mapped].flatMap((frames) => frames.flatMap((it, i) => problemsOf(it, frames[i - 1])));
    expect(problems).toEqual([]);
  },
);
