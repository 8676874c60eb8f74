import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";
import { expect, onTestFinished, test } from "vitest";
import { bin, contentOf, folderWith } from "../test/command.ts";

const keys = {
  enter: "\r",
  down: "\u001B[B",
  left: "\u001B[D",
  right: "\u001B[C",
  "Ctrl-C": "\u0003",
  escape: "\u001B",
};

/** The command in a terminal of its own. */
function inTerminal(args: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, npm_config_user_agent: undefined, CI: undefined, ...more };
  const terminal = spawn(process.execPath, [bin, ...args], { cwd, env, cols: 120, rows: 40 });
  let written = "";
  let seen = 0;
  const listeners = new Set<() => void>();
  terminal.onData((data) => {
    written += data;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  let isRunning = true;
  void ended.then(() => (isRunning = false));
  onTestFinished(() => {
    if (isRunning) terminal.kill();
  });
  return {
    ended,
    text: () => stripVTControlCharacters(written),
    /** Waits until a text is shown, after what was waited for before. */
    async sees(text: string): Promise<void> {
      await new Promise<void>((resolve, reject) => {
        const look = (): void => {
          const shown = stripVTControlCharacters(written);
          const at = shown.indexOf(text, seen);
          if (at === -1) return;
          seen = at + text.length;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`It ended, and never showed ${text}:\n${written}`)));
      });
    },
    press: (...pressed: (keyof typeof keys)[]): void => {
      for (const key of pressed) terminal.write(keys[key]);
    },
    type: (text: string): void => terminal.write(text),
  };
}

test("all that is left open is asked for, and answered with keys", async () => {
  const cwd = folderWith();
  const terminal = inTerminal([], cwd);
  await terminal.sees("Which folder is the project to be put into?");
  terminal.type("My App");
  terminal.press("enter");
  await terminal.sees(`npm can't call a package "My App". What is it to be called?`);
  await terminal.sees("my-app");
  terminal.type("-2");
  terminal.press("enter");
  await terminal.sees("Which language?");
  // A line on each; AssemblyScript is marked.
  await terminal.sees("● AssemblyScript  Close to TypeScript; npm installs its compiler");
  await terminal.sees("○ Rust            The standard library knows WASI; needs a Rust toolchain");
  await terminal.sees("○ WAT             WebAssembly's own text format: every call by hand");
  terminal.press("down", "down", "down");
  await terminal.sees("● Rust");
  terminal.press("enter");
  await terminal.sees("Which example is it to start from?");
  await terminal.sees("● hello           Prints a line, or does not even start without WASI");
  await terminal.sees("○ read-file       Reads a file, if a directory that holds it was granted");
  terminal.press("down", "down", "down");
  await terminal.sees("● read-file");
  terminal.press("enter");
  await terminal.sees("Install what it needs with npm?");
  terminal.press("right");
  await terminal.sees("● No");
  terminal.press("enter");
  await terminal.sees("Begin a git repository?");
  terminal.type("n");
  await terminal.sees("Created My App: the package my-app-2, from the example rust/read-file.");
  await terminal.sees('cd "My App"');
  await expect(terminal.ended).resolves.toBe(0);
  const files = contentOf(join(cwd, "My App")) ?? {};
  expect(JSON.parse(files["package.json"] ?? "")).toMatchObject({ name: "my-app-2" });
  expect(Object.keys(files)).toContain("src/main.rs");
});

test("Enter takes what is proposed", async () => {
  const cwd = folderWith();
  const terminal = inTerminal(["--no-install"], cwd);
  await terminal.sees("Which folder");
  terminal.press("enter");
  await terminal.sees("Which language?");
  terminal.press("enter");
  await terminal.sees("Which example");
  terminal.press("enter");
  await terminal.sees("Begin a git repository?");
  terminal.press("enter");
  await terminal.sees("Created my-program: the package my-program, from the example assemblyscript/hello.");
  await terminal.sees("Began a git repository there.");
  await expect(terminal.ended).resolves.toBe(0);
  expect(terminal.text()).not.toContain("Install what it needs");
});

test("what is given is not asked for", async () => {
  const cwd = folderWith();
  const terminal = inTerminal(["app", "--example", "wat/hello", "--no-install", "--no-git"], cwd);
  await expect(terminal.ended).resolves.toBe(0);
  expect(terminal.text()).not.toContain("?");
  expect(Object.keys(contentOf(join(cwd, "app")) ?? {})).toContain("app.wat");
});

test("--yes asks nothing, in a terminal too", async () => {
  const cwd = folderWith();
  const terminal = inTerminal(["--yes", "--no-install", "--no-git"], cwd);
  await expect(terminal.ended).resolves.toBe(0);
  expect(Object.keys(contentOf(cwd) ?? {})).toContain("my-program/assembly/index.ts");
});

test("a folder that is not empty, and a name that npm refuses, are asked for again", async () => {
  const cwd = folderWith({ "full/mine.txt": "" });
  const terminal = inTerminal(["--example", "wat/hello", "--no-install", "--no-git"], cwd);
  await terminal.sees("Which folder");
  terminal.type("full");
  terminal.press("enter");
  await terminal.sees("full is not empty. In the way: mine.txt.");
  terminal.type(" one");
  terminal.press("enter");
  await terminal.sees("What is it to be called?");
  terminal.type("!");
  terminal.press("enter");
  await terminal.sees("name can no longer contain special characters");
  terminal.type("\u007F");
  terminal.press("enter");
  await terminal.sees("Created full one: the package full-one, from the example wat/hello.");
  await expect(terminal.ended).resolves.toBe(0);
});

test("what was given wrongly is said before anything is asked", async () => {
  const terminal = inTerminal(["--example", "wat/helo"], folderWith());
  await expect(terminal.ended).resolves.toBe(2);
  expect(terminal.text()).toContain("There is no example wat/helo. Nearest to it: wat/hello");
  expect(terminal.text()).not.toContain("Which folder");
});

const questions = [
  "Which folder",
  "What is it to be called?",
  "Which language?",
  "Which example",
  "Install what it needs",
  "Begin a git repository?",
];

test.each(questions.flatMap((question) => [[question, "Ctrl-C"] as const, [question, "escape"] as const]))(
  "at the question %s, %s leaves nothing behind",
  async (question, key) => {
    const cwd = folderWith();
    const terminal = inTerminal([], cwd);
    for (const [i, asked] of questions.entries()) {
      await terminal.sees(asked);
      if (asked === question) break;
      if (i === 0) terminal.type("A b");
      terminal.press("enter");
    }
    terminal.press(key);
    await terminal.sees("Nothing was created.");
    await expect(terminal.ended).resolves.toBe(130);
    expect(contentOf(cwd)).toEqual({});
  },
);

test("Ctrl-C while it installs leaves the project whole, and says nothing of a defect", async () => {
  const cwd = folderWith();
  // A registry that never answers.
  const server = createServer(() => {}).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const asked = once(server, "connection");
  const registry = { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: join(cwd, "cache") };
  const terminal = inTerminal(["app", "--example", "wat/hello", "--no-git", "--yes"], cwd, registry);
  await asked;
  terminal.press("Ctrl-C");
  await expect(terminal.ended).resolves.toBe(130);
  expect(terminal.text()).not.toMatch(/\n +at /);
  expect(Object.keys(contentOf(join(cwd, "app")) ?? {})).toContain("app.wat");
});
