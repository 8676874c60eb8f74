import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { bin, folderWith, makeFolder, manifest, remove } from "./helpers/command.ts";
import { canMount, mount, unmount } from "./helpers/mount.ts";

// The machine does not do as it should; each command says what, where and what to do about it.

const isRoot = process.getuid?.() === 0;
const crate = '[package]\nname = "hello"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n';
const hello = '(module (memory (export "memory") 1) (func (export "_start")))';
const example = {
  "wasi.json": manifest({ build: { language: "wat" }, module: "build/hello.wasm" }),
  "hello.wat": hello,
};
const rust = {
  "wasi.json": manifest({ build: { language: "rust" }, module: "build/hello.wasm" }),
  "Cargo.toml": crate,
  "src/main.rs": 'fn main() { println!("hello") }',
};

/** A folder that everybody may look into. */
async function openFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await folderWith(files);
  chmodSync(folder, 0o755);
  return folder;
}

interface Ran {
  exitCode: number | null;
  output: string;
}

/** Runs a command as somebody, with nothing but these variables. */
function run(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}, uid?: number): Ran {
  const [file = "", ...args] = command;
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    env: { PATH: process.env["PATH"], WASI_KIT_NO_INSTALL: "1", NO_COLOR: "1", ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
    encoding: "utf8",
  });
  return { exitCode: status, output: stdout + stderr };
}

const wasiKit = (...args: string[]): string[] => [process.execPath, bin, ...args];

describe("a build that can't be written", () => {
  test("in a folder without rights", async ({ skip }) => {
    skip(!isRoot, "it takes root to be somebody else");
    const cwd = await openFolder(example);
    expect(run(wasiKit("build"), cwd, {}, 65_534)).toEqual({
      exitCode: 2,
      output:
        "wasi-kit: build can't be created: this user has no right to do that (EACCES).\n" +
        "Get the right to write in the current folder (its owner can give it with chmod), or copy the project to a folder of your own.\n",
    });
  });

  test("in a folder of its own that has no rights left", async ({ skip }) => {
    skip(isRoot, "root has all rights");
    const cwd = await openFolder(example);
    chmodSync(cwd, 0o555);
    expect(run(wasiKit("build"), cwd)).toEqual({ exitCode: 2, output: expect.stringContaining("EACCES") as string });
  });

  test("on a read-only mount", async ({ skip }) => {
    skip(!canMount, "this process may not mount");
    const cwd = await openFolder(example);
    mount(cwd, "--bind", cwd);
    onTestFinished(() => unmount(cwd));
    execFileSync("mount", ["-o", "remount,ro,bind", cwd]);
    expect(run(wasiKit("build"), cwd)).toEqual({
      exitCode: 2,
      output:
        "wasi-kit: build can't be created: it is on a file system that can only be read (EROFS).\n" +
        "Mount it for writing, or copy the project to where you can write.\n",
    });
  });

  test("on a full disk", async ({ skip }) => {
    skip(!canMount, "this process may not mount");
    const cwd = await openFolder({});
    mount(cwd, "-t", "tmpfs", "-o", "size=64k", "tmpfs");
    onTestFinished(() => unmount(cwd));
    for (const [name, text] of Object.entries(example)) writeFileSync(join(cwd, name), text);
    spawnSync("dd", ["if=/dev/zero", "of=filling"], { cwd });
    expect(run(wasiKit("build"), cwd)).toEqual({
      exitCode: 2,
      output:
        "wasi-kit: build/hello.wasm can't be written: the disk is full (ENOSPC).\n" +
        "Make room on the disk of build, and try again.\n",
    });
  });

  test("where build is a file", async () => {
    const cwd = await openFolder({ ...example, build: "" });
    expect(run(wasiKit("build"), cwd)).toEqual({
      exitCode: 2,
      output:
        "wasi-kit: build can't be created: a file is where a folder is needed (EEXIST).\n" +
        "Move build away, or name another place.\n",
    });
  });
});

test("a current folder that is gone", async () => {
  const cwd = await openFolder({});
  const line = `mkdir gone; cd gone; rmdir ../gone; exec "$0" "$@"`;
  expect(run(["sh", "-c", line, ...wasiKit("build")], cwd)).toEqual({
    exitCode: 2,
    output: "wasi-kit: The current folder is not there any more. Change to one that is: cd FOLDER\n",
  });
});

/** Where there are no rights, homes or room, what comes out. */
describe.skipIf(!isRoot || !canMount)(
  "without a home, in a folder of somebody else's (needs root that may mount)",
  () => {
    let all: string;
    const packages = fileURLToPath(new URL("../../vitest", import.meta.url));

    beforeAll(async () => {
      all = await makeFolder({
        ...Object.fromEntries(Object.entries(example).map(([name, text]) => [`wat/${name}`, text])),
        ...Object.fromEntries(Object.entries(rust).map(([name, text]) => [`rust/${name}`, text])),
        "wat/hello.test.ts": `import { testProgram } from ${JSON.stringify(join(packages, "dist/index.js"))};\nawait testProgram(import.meta.url);\n`,
      });
      chmodSync(all, 0o755);
      symlinkSync(join(packages, "node_modules"), join(all, "wat/node_modules"));
      for (const name of ["wat", "rust"]) {
        const { exitCode, output } = run(wasiKit("build", name), all, { HOME: process.env["HOME"] });
        if (exitCode !== 0) throw new Error(`${name} can't be built: ${output}`);
      }
      run([...vitest, "-u"], join(all, "wat"), { HOME: process.env["HOME"] });
      cpSync(join(all, "rust"), join(all, "open"), { recursive: true });
      for (const name of ["open", "open/build"]) chmodSync(join(all, name), 0o777);
      mkdirSync(join(all, "full"));
      mount(join(all, "full"), "-t", "tmpfs", "-o", "size=16k,mode=1777", "tmpfs");
      spawnSync("dd", ["if=/dev/zero", "of=full/filling"], { cwd: all });
    }, 60_000);
    afterAll(async () => {
      unmount(join(all, "full"));
      await remove(all);
    });

    const vitest = [process.execPath, join(packages, "node_modules/vitest/vitest.mjs"), "run", "--configLoader=runner"];
    const noRight = /can't be opened: this user has no right to do that \(EACCES\)\.\nGet the right to write in /;
    const results: readonly (readonly [
      folder: string,
      command: string[],
      exitCode: number | number[],
      output: RegExp,
    ])[] = [
      ["wat", wasiKit("build"), 0, /is up to date/],
      ["wat", wasiKit("build", "--force"), 2, noRight],
      ["wat", wasiKit("run"), 0, /^$/],
      ["wat", wasiKit("run", "--all"), 0, /1 run of 1 program, all as expected/],
      ["wat", wasiKit("list"), 0, /wat/],
      ["wat", wasiKit("audit"), 0, /1 run/],
      ["wat", wasiKit("inspect"), 0, /hello.wasm/],
      ["rust", wasiKit("run", "--no-build"), 0, /^hello$/m],
      // Whoever has no home has no rustup, and there may be no other Rust.
      ["rust", wasiKit("build", "--force"), [1, 2], /No Rust on this machine can build for WASI|can't be opened: this/],
    ];

    describe.each([
      ["nobody", 65_534],
      ["a user whom the system does not know", 54_321],
    ])("as %s", (_, uid) => {
      describe.each(["", "full", "missing"])("with TMPDIR %j", (temporary) => {
        test.for(results)("%s: %j", ([folder, command, exitCode, output]) => {
          const env = temporary === "" ? {} : { TMPDIR: join(all, temporary) };
          const ran = run(command, join(all, folder), env, uid);
          expect(ran.output).not.toContain("defect");
          expect(ran.output).not.toMatch(/^ +at /m);
          expect(ran.output).toMatch(output);
          expect([exitCode].flat()).toContain(ran.exitCode);
        });
      });

      test("vitest tests an example that is built", () => {
        const ran = run(vitest, join(all, "wat"), {}, uid);
        expect(ran.output).toMatch(/Tests .*2 passed/);
        expect(ran.exitCode).toBe(0);
      });
    });

    test.each([
      ["missing", 2, /missing can't be written: it is not there \(ENOENT\)\.\nCreate .*missing, or name another one\./],
      ["", 0, /built /],
    ])("a crate is built with TMPDIR %j, or it is said why not", (temporary, exitCode, output) => {
      const env = { HOME: process.env["HOME"], ...(temporary === "" ? {} : { TMPDIR: join(all, temporary) }) };
      const ran = run(wasiKit("build", "--force"), join(all, "open"), env);
      expect(ran.output).toMatch(output);
      expect(ran.exitCode).toBe(exitCode);
    });
  },
);
