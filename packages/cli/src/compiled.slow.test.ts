import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { x } from "tinyexec";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bin, folderWith, remove } from "./testing/command.ts";
import { assemble } from "./testing/modules.ts";

let folder: string;
let bundle: string;

beforeEach(async () => {
  folder = await folderWith({ "hello.wasm": await assemble("hello"), "package.json": "{}" });
  bundle = join(folder, "bundle");
  const installed = dirname(dirname(bin));
  for (const part of ["bin", "bundle"]) {
    cpSync(join(installed, part), join(folder, part), {
      recursive: true,
      filter: (path) => !path.endsWith(".compiled"),
    });
  }
});
afterEach(() => remove(folder));

const run = async (...args: string[]): Promise<string> => {
  const { stdout, stderr, exitCode } = await x(process.execPath, [join(folder, "bin/wasi-kit.cjs"), "run", ...args], {
    nodeOptions: { cwd: folder },
  });
  return `${stdout}${stderr}${exitCode}`;
};
const kept = (): string[] => readdirSync(bundle).filter((name) => !name.endsWith(".cjs"));

test("what was compiled is kept for the next run, whole, and taken then", async () => {
  expect(await run("hello.wasm")).toBe("hello\n0");
  expect(kept()).toEqual([`run-${process.version}-${process.arch}.compiled`]);
  const before = readFileSync(join(bundle, kept()[0] as string));
  expect(await run("hello.wasm")).toBe("hello\n0");
  expect(readFileSync(join(bundle, kept()[0] as string))).toEqual(before);
});

test("another build is not taken for the one that was compiled", async () => {
  await run("hello.wasm");
  // As long as before: the engine itself compares no more than the length.
  const path = join(bundle, "run.cjs");
  writeFileSync(path, readFileSync(path, "utf8").replace("is no folder", "was a folder"));
  expect(await run("--run", "x", "hello.wasm")).toContain("hello.wasm was a folder");
});

test.each<[what: string, spoil: (file: string) => void]>([
  ["is empty", (file) => writeFileSync(file, "")],
  ["is cut short", (file) => writeFileSync(file, readFileSync(file).subarray(0, 1000))],
  [
    "is of another version",
    (file) => writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, 64), Buffer.alloc(5000, 7)])),
  ],
])("what was kept and %s does no harm", async (_, spoil) => {
  await run("hello.wasm");
  spoil(join(bundle, kept()[0] as string));
  expect(await run("hello.wasm")).toBe("hello\n0");
});

test("a bundle that can't be written to is run as it is", async () => {
  // A folder in the place of what would be written, since nothing is forbidden to root.
  cpSync(join(folder, "bin"), join(bundle, `run-${process.version}-${process.arch}.compiled`), { recursive: true });
  expect(await run("hello.wasm")).toBe("hello\n0");
  expect(kept()).toEqual([`run-${process.version}-${process.arch}.compiled`]);
});

test("after a mistake on the command line nothing is kept, for little was called", async () => {
  expect(await run("--no-such-option")).toContain("There is no option --no-such-option.");
  expect(kept()).toEqual([]);
});
