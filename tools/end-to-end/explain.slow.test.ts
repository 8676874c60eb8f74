import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../root.ts";

const wasiKit = join(root, "packages/cli/bin/wasi-kit.cjs");

/** A copy of an example, built, that a test may change. */
async function copyOf(example: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wasi-kit-explain-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const part of ["wasi.json", "build", "fixtures"]) {
    await cp(join(root, "examples", example, part), join(folder, part), { recursive: true });
  }
  return folder;
}

/** Runs a run of an example, and gives what is said after how it ended. */
async function explained(cwd: string, run: string): Promise<{ exitCode: number | undefined; text: string }> {
  const { stderr, exitCode } = await x(process.execPath, [wasiKit, "run", "--run", run], { nodeOptions: { cwd } });
  const [, text = ""] = /^wasi-kit: (It [^]*)$/m.exec(stderr) ?? [];
  return { exitCode, text };
}

/** Adds the lines that an explanation names to the run that it names. */
async function apply(cwd: string, text: string): Promise<void> {
  const [, run = "", file = "", line = ""] = /add to the run "(.*)" in (.*):\n\n {2}(".*)\n/.exec(text) ?? [];
  const path = join(cwd, file);
  const manifest = JSON.parse(await readFile(path, "utf8")) as { runs: Record<string, object> };
  Object.assign(manifest.runs[run] ?? {}, JSON.parse(`{${line}}`));
  await writeFile(path, JSON.stringify(manifest));
}

test.each([
  ["rust/read-file", "denied", 134],
  ["assemblyscript/read-file", "denied", 134],
  ["wat/read-file", "denied", 134],
  ["wat/write-file", "read-only", 1],
  ["rust/write-file", "read-only", 1],
  ["assemblyscript/remove-file", "denied", 1],
])("%s, %s: what is said names the path and what to add, and with that it succeeds", async (example, run, code) => {
  const cwd = await copyOf(example);
  const { exitCode, text } = await explained(cwd, run);
  expect(exitCode).toBe(code);
  expect(text).toContain("/sandbox/file.txt");
  await apply(cwd, text);
  expect(await explained(cwd, run)).toEqual({ exitCode: 0, text: "" });
});

test("what is said of rust/read-file, denied", async () => {
  const { text } = await explained(await copyOf("rust/read-file"), "denied");
  await expect(text).toMatchFileSnapshot("__snapshots__/explain-rust-read-file-denied.txt");
});
