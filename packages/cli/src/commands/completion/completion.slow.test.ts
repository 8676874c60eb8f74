import { execFileSync } from "node:child_process";
import { chmodSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { spawn as spawnInTerminal } from "@lydell/node-pty";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bin, makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { commands } from "../index.ts";

let cwd: string;

beforeAll(async () => {
  cwd = await makeFolder({
    "program/wasi.json": manifest({ runs: { granted: { args: ["a", "b"] }, denied: {} } }),
    "broken/wasi.json": "{",
    "hello.wasm": "",
    "bin/node": "",
  });
  chmodSync(bin, 0o755);
  await remove(join(cwd, "bin/node"));
  symlinkSync(process.execPath, join(cwd, "bin/node"));
  symlinkSync(bin, join(cwd, "bin/wasi-kit"));
});
afterAll(() => remove(cwd));

/** What may be the last of these words. */
async function complete(...words: string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await wasiKit(["--complete", ...words], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout.split("\n").filter((line) => line !== "");
}
const wordsOf = (lines: readonly string[]): (string | undefined)[] => lines.map((line) => line.split("\t")[0]);

test("commands, with what they do", async () => {
  expect(wordsOf(await complete(""))).toEqual(Object.keys(commands));
  expect(await complete("ver")).toEqual(["version\tSay the version of wasi-kit and of Node.js"]);
});

test.concurrent.each([
  [
    ["run", "--tr"],
    ["--trace", "--trace-output", "--trace-filter"],
  ],
  [
    ["check", "--"],
    ["--json", "--color", "--help"],
  ],
  [
    ["check", "--color", ""],
    ["auto", "always", "never"],
  ],
  [["run", "--trace=s"], ["--trace=summary"]],
  [
    ["run", "--dir", "x", "program", "--run", ""],
    ["granted", "denied"],
  ],
  [["run", "--run", "d", ""], []],
  [["dev", "program", "--run", "d"], ["denied"]],
  [["run", "broken", "--run", ""], []],
  [["run", "--run", ""], []],
  [
    ["completion", ""],
    ["bash", "zsh", "fish"],
  ],
  // All that follows a module is for it, and so is what follows the dashes.
  [["run", "hello.wasm", "--"], []],
  [["run", "program", "--", "--"], []],
  [["run", "--dir", ""], []],
  [["run", ""], []],
  [["runn", "--"], []],
])("%j: %j", async (words, candidates) => {
  expect(wordsOf(await complete(...words))).toEqual(candidates);
});

const has = (shell: string): boolean => {
  try {
    execFileSync(shell, ["-c", "true"]);
    return true;
  } catch {
    return false;
  }
};

/** How each shell is started without what its user has set up, and how it is given the script. */
const shells = {
  bash: { start: ["--norc", "--noprofile"], setUp: 'eval "$(wasi-kit completion bash)"' },
  zsh: { start: ["-f"], setUp: 'autoload -Uz compinit && compinit -u -D && eval "$(wasi-kit completion zsh)"' },
  fish: { start: ["--no-config"], setUp: "wasi-kit completion fish | source" },
};

/** What a line is after Tab. */
async function pressTab(shell: keyof typeof shells, typed: string): Promise<string> {
  const { EDITOR: _editor, VISUAL: _visual, ...rest } = process.env;
  const path = `${join(cwd, "bin")}${delimiter}${rest["PATH"]}`;
  const terminal = spawnInTerminal(shell, shells[shell].start, {
    cwd,
    cols: 200,
    name: "xterm",
    env: { ...rest, PATH: path, HOME: cwd, ZDOTDIR: cwd, WASI_KIT_NO_INSTALL: "1" },
  });
  let shown = "";
  terminal.onData((data) => (shown += data));
  const seen = (pattern: RegExp): Promise<string> =>
    vi.waitFor(
      () => {
        const [, found] = pattern.exec(shown) ?? [];
        if (found === undefined) throw new Error(`${pattern} is not in:\n${shown}`);
        return found;
      },
      { timeout: 30_000 },
    );
  try {
    terminal.write(`${shells[shell].setUp}; printf '%s-%s\\n' set up\r`);
    await seen(/^(set-up)/m);
    terminal.write(`${typed}\t`);
    await setTimeout(500);
    // At the start of the line: what is there becomes arguments.
    terminal.write("\u0001printf '(%s)' \u0005; printf 'END\\n'\r");
    return await seen(/^(?:.*\r)?(\(.*)END\r?$/m);
  } finally {
    terminal.kill();
  }
}

const lines = [
  ["wasi-kit doc", "(wasi-kit)(doctor)"],
  ["wasi-kit run program --run gr", "(wasi-kit)(run)(program)(--run)(granted)"],
  ["wasi-kit run --trace-f", "(wasi-kit)(run)(--trace-filter)"],
  ["wasi-kit run --trace=s", "(wasi-kit)(run)(--trace=summary)"],
  ["wasi-kit run hel", "(wasi-kit)(run)(hello.wasm)"],
] as const;

describe.each(Object.keys(shells) as (keyof typeof shells)[])("%s", (shell) => {
  test.for(lines)("%j and Tab is %j", { timeout: 90_000 }, async ([typed, line], { skip }) => {
    // In CI it fails instead: there nothing is left out.
    if (!has(shell) && !process.env["CI"]) skip(`There is no ${shell} here. To install it: pnpm shells`);
    expect(has(shell), `there is no ${shell}: pnpm shells installs it`).toBe(true);
    expect(await pressTab(shell, typed)).toBe(line);
  });
});
