import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { x } from "tinyexec";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../root.ts";

/** A language: modules as hexadecimal numbers. Its folder, and its line in the list. */
const folder: Readonly<Record<string, string>> = {
  "index.ts": `import { readdirSync } from "node:fs";
import { basename } from "node:path";
import type { Language } from "../language.ts";

/** Modules as hexadecimal numbers. */
export const hex: Language = {
  title: "Hexadecimal",
  about: "Each byte by hand",
  source: "NAME.hex",
  sign: ".hex file",
  sources: ["*.hex"],
  comment: /^#.*/gm,
  project: { edited: "NAME.hex", files: [["NAME.hex", "the program"]], ignored: ["*.dump"], steps: [], extensions: [], problems: [] },
  parallelBuilds: 1,
  findSources: (dir) => readdirSync(dir).filter((name) => name.endsWith(".hex")),
  detect: async (_, file) => ({
    label: file,
    name: basename(file, ".hex"),
    description: undefined,
    build: { language: "hex" },
    isCommand: true,
  }),
  tools: async () => [{ name: "Buffer", language: "hex", found: true, version: process.version, path: process.execPath }],
};
`,
  "compile.ts": `import { readFileSync } from "node:fs";
import type { CompileOptions } from "../language.ts";

export async function compile({ source, inputs }: CompileOptions): Promise<Uint8Array> {
  const text = readFileSync(source, "utf8");
  inputs.file(source, text);
  return Buffer.from(text.replaceAll(/#.*|\\s/g, ""), "hex");
}
`,
};
const line = 'export { hex } from "./hex/index.ts";\n';

/** What is copied: the packages, what compiles them, and what bundles the examples. */
const copied = [
  "packages",
  "examples",
  "tsconfig.base.json",
  "pnpm-workspace.yaml",
  "package.json",
  ".editorconfig",
  ".gitignore",
];
const left = new Set(["build", "target", "bundle", "test", ".turbo"]);

/** A folder of sources may be called as one of results. */
const filter = (path: string): boolean => !left.has(basename(path)) || dirname(path).endsWith("/commands");

test("a language is added by one folder and one line", { timeout: 600_000 }, async () => {
  const copy = mkdtempSync(join(tmpdir(), "wasi-kit-language-"));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  // Links between packages are relative, so that they lead to the copies.
  for (const path of copied)
    cpSync(join(root, path), join(copy, path), { recursive: true, verbatimSymlinks: true, filter });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const languages = join(copy, "packages/compiler/src/languages");
  mkdirSync(join(languages, "hex"));
  for (const [name, text] of Object.entries(folder)) writeFileSync(join(languages, "hex", name), text);
  writeFileSync(join(languages, "list.ts"), readFileSync(join(languages, "list.ts"), "utf8") + line);

  const run = async (where: string, command: string, ...args: string[]): Promise<string> => {
    const env = { CI: "", NO_COLOR: "1", WASI_KIT_NO_INSTALL: "1", VITEST: undefined, VITEST_POOL_ID: undefined };
    const { exitCode, stdout, stderr } = await x(command, args, { nodeOptions: { cwd: join(copy, where), env } });
    expect(exitCode, `${command} ${args.join(" ")}:\n${stdout}${stderr}`).toBe(0);
    return stdout + stderr;
  };
  // What `pnpm test -u` and `pnpm build` do, as far as it takes.
  const tests = ["packages/compiler/src/languages/list.test.ts", "packages/manifest/src/schema.test.ts"];
  for (const path of tests) await run("", "npx", "vitest", "run", "--root", ".", path, "-u");
  for (const name of ["compiler", "create-wasi-kit"]) await run(`packages/${name}`, "npx", "tsc");
  await run("packages/cli", "npx", "rolldown", "-c");
  await run("", "git", "init", "--quiet");
  await run("", "git", "add", "packages", "examples");
  await run("packages/create-wasi-kit", "node", "bundle.js");

  // Its module has an empty function _start, and a memory.
  const module = `0061736d 01000000 # the header
01 04 01 60 00 00
03 02 01 00
05 03 01 00 01
07 13 02 06 5f7374617274 00 00 06 6d656d6f7279 02 00
0a 04 01 02 00 0b
`;
  mkdirSync(join(copy, "program"));
  writeFileSync(join(copy, "program/hello.hex"), module);
  const wasiKit = (...args: string[]): Promise<string> =>
    run("program", process.execPath, join(copy, "packages/cli/bin/wasi-kit.cjs"), ...args);
  await expect(wasiKit("init")).resolves.toContain("wasi-kit: found hello.hex\n");
  expect(readFileSync(join(copy, "program/wasi.json"), "utf8")).toContain('"language": "hex"');
  expect(readFileSync(join(copy, "program/.gitignore"), "utf8")).toContain("*.dump\n");
  await expect(wasiKit("build")).resolves.toMatch(/^wasi-kit: built build\/hello\.wasm /);
  await expect(wasiKit("build")).resolves.toBe("wasi-kit: build/hello.wasm is up to date\n");
  await expect(wasiKit("run")).resolves.toBe("");
  await expect(wasiKit("doctor")).resolves.toMatch(/^ok {2}Buffer +hex +v\d+/m);
  await expect(wasiKit("list")).resolves.toMatch(/ hex /);
  const schema = readFileSync(join(copy, "packages/manifest/wasi.schema.json"), "utf8");
  expect(schema).toContain("NAME.hex for hex");
  const templates = readFileSync(join(copy, "packages/create-wasi-kit/bundle/templates.json"), "utf8");
  expect(JSON.parse(templates)).toHaveProperty("languages.hex.title", "Hexadecimal");
});
