import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";
import type { IPty } from "@lydell/node-pty";
import { expect, onTestFinished, test, vi } from "vitest";
import { bin, makeFolder, manifest, remove } from "../../../test/helpers/command.ts";

/** A program that prints a text, and then what is in the file `/data/note.txt`, if it may. */
const prints = (text: string): string => `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\10\\00\\00\\00${Buffer.from([text.length + 1])
    .toString("hex")
    .replace(/../g, "\\$&")}\\00\\00\\00")
  (data (i32.const 16) "${text}\\n") (data (i32.const 128) "note.txt")
  (data (i32.const 160) "\\00\\02\\00\\00\\40\\00\\00\\00")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
    (if (i32.eqz (call $open (i32.const 3) (i32.const 0) (i32.const 128) (i32.const 8)
        (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 192)))
      (then
        (drop (call $read (i32.load (i32.const 192)) (i32.const 160) (i32.const 1) (i32.const 164)))
        (drop (call $write (i32.const 1) (i32.const 160) (i32.const 1) (i32.const 8)))))))`;

const about = { build: { language: "wat" }, module: "build/hello.wasm" };
const runs = { default: { preopens: { "/data": "data" } }, alone: {} };

/** Where its temporary files are: beside it, since what comes and goes in it is a change. */
const temporary = (cwd: string): string => `${cwd}-tmp`;

/** A project of one program. */
async function project(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const cwd = await makeFolder({
    "wasi.json": manifest({ ...about, runs }),
    "hello.wat": prints("first"),
    "data/note.txt": "a note\n",
    ...files,
  });
  mkdirSync(temporary(cwd));
  onTestFinished(async () => {
    await remove(cwd);
    await remove(temporary(cwd));
  });
  return cwd;
}

interface Terminal {
  pty: IPty;
  /** Waits until a text is shown after what was waited for before, and gives what was shown up to there. */
  shows(text: string | RegExp): Promise<string>;
  ended: Promise<{ exitCode: number; signal?: number }>;
}

function start(cwd: string, ...args: string[]): Terminal {
  const pty = spawn(process.execPath, [bin, ...args], {
    cwd,
    cols: 200,
    env: { ...process.env, TMPDIR: temporary(cwd), NO_COLOR: "1" },
  });
  onTestFinished(() => {
    try {
      process.kill(pty.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  });
  let shown = "";
  pty.onData((data) => (shown += stripVTControlCharacters(data).replaceAll("\r", "")));
  return {
    pty,
    ended: new Promise((resolve) => void pty.onExit(resolve)),
    async shows(text) {
      const find = (): number =>
        typeof text === "string" ? shown.indexOf(text) + (shown.includes(text) ? text.length : 0) : endOf(text, shown);
      await vi.waitFor(() => expect(find(), `${text} in:\n${shown}`).toBeGreaterThan(0), {
        timeout: 30_000,
        interval: 10,
      });
      const end = find();
      const before = shown.slice(0, end);
      shown = shown.slice(end);
      return before;
    },
  };
}

function endOf(pattern: RegExp, text: string): number {
  const found = pattern.exec(text);
  return found ? found.index + found[0].length : -1;
}

const idle = "waiting for changes: r run again, c choose a run, u update snapshots, q quit";

test("a source is edited, spoiled and mended; Ctrl-C leaves nothing behind", async () => {
  const cwd = await project();
  const { pty, shows, ended } = start(cwd, "dev");
  expect(await shows(idle)).toMatch(
    /^wasi-kit: built build\/hello\.wasm \(.*\)\nfirst\na note\nwasi-kit: default: exit code 0, as expected, in .*\nwaiting/,
  );
  writeFileSync(join(cwd, "hello.wat"), prints("second"));
  expect(await shows(idle)).toMatch(
    /hello\.wat has changed ──\n.*built.*\nsecond\na note\n.*exit code 0.*\n.*the output has changed:\n-first\n\+second\n a note\nwaiting/,
  );
  writeFileSync(join(cwd, "hello.wat"), "(module\n  (fun))");
  expect(await shows(idle)).toContain("hello.wat:2:4: error");
  writeFileSync(join(cwd, "hello.wat"), prints("third"));
  expect(await shows(idle)).toMatch(/-second\n\+third/);

  pty.write("\u0003");
  expect(await ended).toMatchObject({ exitCode: 130 });
  expect(readdirSync(temporary(cwd))).toEqual([]);
  expect(readdirSync(join(cwd, "build")).toSorted()).toEqual([".hello.wasm.json", "hello.wasm"]);
});

test("a change right after another is not missed", async () => {
  const cwd = await project();
  const { shows } = start(cwd, "dev");
  await shows(idle);
  for (let i = 0; i < 20; i++) {
    const text = `number ${i}`;
    writeFileSync(join(cwd, "hello.wat"), prints("in between"));
    await new Promise((done) => setTimeout(done, i * 4));
    writeFileSync(join(cwd, "hello.wat"), prints(text));
    expect(await shows(`\n${text}\n`)).toContain("hello.wat has changed");
  }
});

test("a fixture and the manifest make another run, and a mistake in the manifest is told", async () => {
  const cwd = await project();
  const { shows } = start(cwd, "dev");
  await shows(idle);
  writeFileSync(join(cwd, "data/note.txt"), "another\n");
  expect(await shows(idle)).toMatch(/data\/note\.txt has changed ──\nfirst\nanother\n/);
  writeFileSync(join(cwd, "wasi.json"), "{");
  expect(await shows(idle)).toContain("wasi.json:1:2: not JSON");
  writeFileSync(join(cwd, "wasi.json"), manifest({ ...about, runs: { renamed: { exitCode: 3 } } }));
  expect(await shows(idle)).toContain("renamed: exit code 0, expected 3");
});

test("what is outside of the folder counts as well", async () => {
  const folder = await project({ "shared/note.txt": "far away\n" });
  const cwd = join(folder, "program");
  mkdirSync(cwd);
  mkdirSync(temporary(cwd));
  writeFileSync(join(cwd, "wasi.json"), manifest({ ...about, runs: { default: { preopens: { "/d": "../shared" } } } }));
  writeFileSync(join(cwd, "hello.wat"), prints("here"));
  const { shows } = start(cwd, "dev");
  expect(await shows(idle)).toContain("here\nfar away\n");
  writeFileSync(join(folder, "shared/note.txt"), "changed\n");
  expect(await shows(idle)).toContain("here\nchanged\n");
});

test("keys: a run is chosen, made again, and it ends with q", async () => {
  const cwd = await project();
  const { pty, shows, ended } = start(cwd, "dev", "--run", "alone");
  expect(await shows(idle)).toMatch(/\nfirst\nwasi-kit: alone: exit code 0/);
  pty.write("c");
  await shows("the runs of");
  expect(await shows("\n")).toMatch(/: 1 default, 2 alone\n$/);
  pty.write("1");
  expect(await shows(idle)).toMatch(/again ──\nfirst\na note\nwasi-kit: default: exit code 0/);
  pty.write("r");
  expect(await shows(idle)).toContain("first\na note\n");
  pty.write("u");
  // There is no test to write them.
  await shows(/vitest is not installed in|The snapshots can't be written/);
  pty.write("q");
  expect(await ended).toMatchObject({ exitCode: 0 });
});

test("a guest that goes on and on is ended by the next change, and by q", async () => {
  const cwd = await project({
    "hello.wat": '(module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))',
  });
  const { pty, shows, ended } = start(cwd, "dev");
  await shows("built build/hello.wasm");
  writeFileSync(join(cwd, "hello.wat"), prints("short"));
  expect(await shows(idle)).toContain("short\n");
  writeFileSync(join(cwd, "hello.wat"), '(module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))');
  await shows("built build/hello.wasm");
  pty.write("q");
  expect(await ended).toMatchObject({ exitCode: 0 });
});

test("a second one in the same folder is told of the first", async () => {
  const cwd = await project();
  const first = start(cwd, "dev");
  await first.shows(idle);
  const second = start(cwd, "dev");
  await second.shows(`wasi-kit is at work in ${cwd} already.`);
  expect(await second.ended).toMatchObject({ exitCode: 2 });
  first.pty.write("q");
  await first.ended;
  const third = start(cwd, "dev");
  await third.shows(idle);
});

test("of several programs, the one that changes is run", async () => {
  const cwd = await project();
  for (const name of ["a", "b"]) {
    mkdirSync(join(cwd, name));
    writeFileSync(join(cwd, name, "wasi.json"), manifest(about));
    writeFileSync(join(cwd, name, "hello.wat"), prints(`from ${name}`));
  }
  rmSync(join(cwd, "wasi.json"));
  const { shows } = start(cwd, "dev", "a", "b");
  expect(await shows(idle)).not.toContain("from");
  writeFileSync(join(cwd, "b/hello.wat"), prints("changed"));
  expect(await shows(idle)).toMatch(/b\/hello\.wat has changed ──\n.*\nchanged\n/);
});

test("build --watch builds alone, and run --watch is dev", async () => {
  const cwd = await project();
  const { pty, shows, ended } = start(cwd, "build", "--watch");
  expect(await shows("waiting for changes: r build again, q quit")).not.toContain("first");
  writeFileSync(join(cwd, "hello.wat"), prints("second"));
  await shows("built build/hello.wasm");
  process.kill(pty.pid, "SIGTERM");
  expect(await ended).toMatchObject({ exitCode: 143 });
  const { shows: runShows } = start(cwd, "run", "--watch", "--run", "alone");
  expect(await runShows(idle)).toContain("second\n");
  expect(readFileSync(join(cwd, "data/note.txt"), "utf8")).toBe("a note\n");
});

const main = (text: string): string => `fn main() { println!("${text}") }\n`;

/** The processes whose command line names a folder. */
const processesIn = (folder: string): string[] =>
  readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return []; // It has ended.
      }
    })
    .filter((line) => line.includes(folder));

test(
  "a build that is overtaken is ended, and so is one at Ctrl-C",
  { skip: process.platform !== "linux" },
  async () => {
    const cwd = await project({
      "wasi.json": manifest({ ...about, build: { language: "rust" } }),
      "Cargo.toml": '[package]\nname = "hello"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n',
      "src/main.rs": main("first"),
      // Long enough to be seen, and run again for each change.
      "build.rs": "fn main() { std::thread::sleep(std::time::Duration::from_secs(2)) }\n",
    });
    const { pty, shows, ended } = start(cwd, "dev");
    await vi.waitFor(() => expect(processesIn(cwd).join("\n")).toMatch(/cargo|rustc/), {
      timeout: 30_000,
      interval: 5,
    });
    writeFileSync(join(cwd, "src/main.rs"), main("second"));
    const shown = await shows(idle);
    expect(shown).toContain("second\n");
    expect(shown).not.toContain("first\n");

    writeFileSync(join(cwd, "src/main.rs"), main("third"));
    await vi.waitFor(() => expect(processesIn(cwd).join("\n")).toMatch(/cargo|rustc/), {
      timeout: 30_000,
      interval: 5,
    });
    pty.write("\u0003");
    expect(await ended).toMatchObject({ exitCode: 130 });
    await vi.waitFor(() => expect(processesIn(cwd)).toEqual([]), { timeout: 30_000 });
    expect(readdirSync(temporary(cwd))).toEqual([]);
  },
);

test("what a command makes is made again if one of its inputs changes, and not for what it writes besides", async () => {
  const cwd = await project({
    "wasi.json": manifest({
      module: "build/hello.wasm",
      build: { command: ["sh", "make.sh"], inputs: ["make.sh", ".source/*.wat"] },
    }),
    "make.sh": `${JSON.stringify(process.execPath)} ${JSON.stringify(bin)} build .source 2>&1 && cp .source/build/hello.wasm build/ && date > hello.o\n`,
    "build/": "",
    ".source/wasi.json": manifest(about),
    ".source/hello.wat": prints("one"),
    "notes.md": "",
  });
  const { shows } = start(cwd, "dev");
  await shows("built build/hello.wasm");
  await shows("one\n");
  writeFileSync(join(cwd, ".source/hello.wat"), prints("two"));
  await shows(".source/hello.wat has changed");
  await shows("two\n");
  writeFileSync(join(cwd, "notes.md"), "nothing");
  writeFileSync(join(cwd, ".source/more.wat"), "(module)");
  const between = await shows(".source/more.wat has changed");
  expect(between).not.toMatch(/hello\.o|notes\.md/);
  await shows("two\n");
});
