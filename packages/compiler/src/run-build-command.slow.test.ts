import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../../manifest/test/helpers/folder.ts";
import { build } from "./build.ts";
import { isCurrent } from "./record/build-record.ts";

/** Writes the smallest module that there is, with the contents of all files in `src` as a custom section. */
const good = `
mkdir -p build
text=$(cat src/*.txt)
printf '\\0asm\\1\\0\\0\\0\\0' > build/out.wasm
printf "\\\\$(printf %o $((\${#text} + 2)))\\1n%s" "$text" >> build/out.wasm
echo built >> log.txt
`;

async function program(script: string, inputs = ["src/*.txt", "make.sh"], files: Record<string, string> = {}) {
  const dir = await folderWith({ "make.sh": script, "src/a.txt": "a", "src/b.txt": "b", ...files });
  const said: string[] = [];
  const target = { dir, module: join(dir, "build/out.wasm"), command: ["sh", "make.sh"], inputs };
  return { ...target, log: Object.assign((line: string) => void said.push(line), { said }) };
}

const buildsOf = ({ dir }: { dir: string }): number =>
  readFileSync(join(dir, "log.txt"), "utf8").split("\n").length - 1;

test("a command makes the module in the program's folder, and is started again if it would make another", async () => {
  const target = await program(good);
  await expect(isCurrent(target)).resolves.toBe(false);
  await expect(build(target)).resolves.toEqual({ size: 14, wasCurrent: false });
  expect(WebAssembly.validate(readFileSync(target.module))).toBe(true);
  expect(target.log.said).toEqual([]);
  await expect(build(target)).resolves.toEqual({ size: 14, wasCurrent: true });
  expect(buildsOf(target)).toBe(1);

  const path = (name: string): string => join(target.dir, name);
  const changes: [what: string, change: () => void][] = [
    ["an input is edited", () => writeFileSync(path("src/a.txt"), "c")],
    ["an input comes", () => writeFileSync(path("src/c.txt"), "d")],
    ["an input goes", () => rmSync(path("src/c.txt"))],
    ["the module is edited", () => writeFileSync(target.module, "")],
    ["the module goes", () => rmSync(target.module)],
  ];
  const again: string[] = [];
  for (const [what, change] of changes) {
    change();
    if (!(await build(target)).wasCurrent) again.push(what);
  }
  expect(again).toEqual(changes.map(([what]) => what));
  const others = [{ command: ["sh", "-e", "make.sh"] }, { inputs: ["src", "make.sh"] }];
  for (const other of others) await expect(isCurrent({ ...target, ...other })).resolves.toBe(false);

  writeFileSync(path("notes.txt"), "");
  writeFileSync(path("src/notes.md"), "");
  await expect(build(target)).resolves.toMatchObject({ wasCurrent: true });
});

test("a pattern for all does not mean what is written by the build itself", async () => {
  const target = { ...(await program(good.replace("echo built >> log.txt", ""), ["**"])) };
  await build(target);
  writeFileSync(join(target.dir, "src/a.txt"), "c");
  await expect(build(target)).resolves.toMatchObject({ wasCurrent: false });
  await expect(build(target)).resolves.toMatchObject({ wasCurrent: true });
});

test("a source that it writes is one of its inputs from then on", async () => {
  const target = await program(`${good}\nprintf made > src/made.txt`);
  await build(target);
  await expect(build(target)).resolves.toMatchObject({ wasCurrent: false });
  await expect(build(target)).resolves.toMatchObject({ wasCurrent: true });
  writeFileSync(join(target.dir, "src/made.txt"), "edited");
  await expect(isCurrent(target)).resolves.toBe(false);
});

test("what changes while it runs was not what it read", async () => {
  const target = await program(`${good}\nprintf changed > src/a.txt`);
  await build(target);
  await expect(isCurrent(target)).resolves.toBe(false);
});

test("its output is shown as a compiler's is: warnings, and all of it if it fails", async () => {
  const warned = await program(`${good}\necho making; echo "a.txt:1: warning: short" >&2`);
  await build(warned);
  expect(warned.log.said).toEqual(["a.txt:1: warning: short"]);

  const failing = await program(
    'echo "cc a.txt"\nsleep 0.1\necho "a.txt:1: error: wrong" >&2\nsleep 0.1\necho stopped\nexit 3',
  );
  await expect(build(failing)).rejects.toMatchObject({
    code: "E_COMPILE",
    exitCode: 1,
    message: "`sh make.sh` failed (exit code 3):\ncc a.txt\na.txt:1: error: wrong\nstopped",
  });
  expect(failing.log.said).toEqual([]);
});

test("to a build for debugging, the environment says so", async () => {
  const target = await program(`${good}\necho "debug: $WASI_KIT_DEBUG." >&2`);
  await build(target);
  await build({ ...target, debug: true });
  expect(target.log.said).toEqual(["debug: .", "debug: 1."]);
});

test.each<[what: string, script: string, change: object, code: string, message: (module: string) => string]>([
  [
    "writes nothing",
    "",
    {},
    "E_COMPILE",
    (module) =>
      `\`sh make.sh\` ended well, and there is no ${module}.\nHave it write the module there, or name in wasi.json as module what it writes.`,
  ],
  [
    "writes something else",
    "mkdir -p build; echo hello > build/out.wasm",
    {},
    "E_COMPILE",
    (module) => `\`sh make.sh\` wrote ${module}, and that is not a module of WebAssembly.`,
  ],
  [
    "is not there",
    good,
    { command: ["no-such-command", "-v"] },
    "E_TOOLCHAIN",
    (module) =>
      `There is no command no-such-command, with which ${module} is built.\nInstall it, or name another one in wasi.json as build.command.`,
  ],
  [
    "is a file that may not be started",
    good,
    { command: ["./make.sh"] },
    "E_TOOLCHAIN",
    (module) =>
      `There is no command ./make.sh, with which ${module} is built.\nInstall it, or name another one in wasi.json as build.command.`,
  ],
])("a command that %s", async (_, script, change, code, message) => {
  const target = { ...(await program(script)), ...change };
  await expect(build(target)).rejects.toMatchObject({
    code,
    message: message(relative(process.cwd(), target.module)),
  });
  expect(existsSync(target.module)).toBe(false);
});

test("a command may be a file of the program's folder", async () => {
  const target = { ...(await program(`#!/bin/sh\n${good}`)), command: ["./make.sh"] };
  chmodSync(join(target.dir, "make.sh"), 0o755);
  await expect(build(target)).resolves.toMatchObject({ size: 14 });
});

test("without a file that fits the inputs there is nothing to build", async () => {
  const target = { ...(await program(good)), inputs: ["*.c", "nowhere/**"] };
  await expect(build(target)).rejects.toMatchObject({
    code: "E_SOURCE_NOT_FOUND",
    message: `There is no file that fits *.c, nowhere/** in ${relative(process.cwd(), target.dir)}.\nName in wasi.json as build.inputs what the module is made of.`,
  });
});

test("it ends with the build", { timeout: 30_000 }, async () => {
  const target = await program("sleep 60");
  const abort = new AbortController();
  const building = build({ ...target, signal: abort.signal });
  setTimeout(() => abort.abort(), 300);
  await expect(building).rejects.toThrow("aborted");
});
