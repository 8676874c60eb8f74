import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runChild } from "./child-process.ts";
import { folderWith } from "../../../manifest/test/helpers/folder.ts";

const here = { cwd: process.cwd() };

/** Whether a process is there that has not ended: one that nobody asked for its exit code is not running either. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** A program that starts another, writes both numbers to a file, and waits. */
const family = "sleep 600 & echo $$ $! > pids; : > $TMPDIR/file; wait";

/** The numbers of both, once they are written. */
const started = (cwd: string): Promise<number[]> =>
  vi.waitFor(() => {
    const pids = readFileSync(join(cwd, "pids"), "utf8").match(/\d+/g) ?? [];
    expect(pids).toHaveLength(2);
    return pids.map(Number);
  }, waiting);

const waiting = { timeout: 30_000, interval: 20 };
const allEnded = (pids: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), waiting);

test.each<[script: string, result: { exitCode: number; stdout: string; stderr: string }]>([
  ["echo out; echo err >&2; exit 7", { exitCode: 7, stdout: "out\n", stderr: "err\n" }],
  ["kill -KILL $$", { exitCode: 137, stdout: "", stderr: "" }],
  ["cat; echo end", { exitCode: 0, stdout: "end\n", stderr: "" }],
  // What it leaves running in its group is ended as well.
  ["sleep 600 & echo end", { exitCode: 0, stdout: "end\n", stderr: "" }],
])("a program ends as it ends: %s", async (script, result) => {
  await expect(runChild("sh", ["-c", script], here)).resolves.toMatchObject(result);
});

test("both streams are there in the order in which they came, and stdout as it is", async () => {
  const script = "printf one; sleep 0.1; printf two >&2; sleep 0.1; printf '\\377\\n'";
  const result = await runChild("sh", ["-c", script], here);
  expect(result.output).toBe("onetwo\uFFFD\n");
  expect([...result.stdoutBytes]).toEqual([...Buffer.from("one"), 0xff, 0x0a]);
});

test("the files of a program that ends by itself are left for who started it", async () => {
  const cwd = await folderWith({});
  await runChild("sh", ["-c", ": > module.tmp.wasm"], { cwd, scratch: join(cwd, "module.tmp.") });
  expect(readdirSync(cwd)).toEqual(["module.tmp.wasm"]);
});

test("a program has a folder for temporary files, of which nothing is left", async () => {
  const cwd = await folderWith({});
  const script = ': > "$TMPDIR/file"; ls -ld "$TMPDIR"; ls "$TMPDIR"';
  const { stdout, stderr } = await runChild("sh", ["-c", script], { cwd, temporary: join(cwd, "temporary") });
  expect(stdout).toMatch(/^drwx------.*\nfile\n$/);
  expect(stderr).toBe("");
  expect(readdirSync(cwd)).toEqual([]);
});

test("a program is not started without its folder for temporary files, and the reason is known", async () => {
  const cwd = await folderWith({ file: "" });
  const { exitCode, stdout, stderr } = await runChild("echo", ["ran"], { cwd, temporary: join(cwd, "file/temporary") });
  expect(exitCode).not.toBe(0);
  expect(stdout).toBe("");
  expect(stderr).toContain("Not a directory");
});

test("what can't be started leaves no folder for temporary files", async () => {
  const cwd = await folderWith({});
  const gone = { cwd: join(cwd, "gone"), temporary: join(cwd, "temporary") };
  await expect(runChild("echo", [], gone)).rejects.toMatchObject({ code: "ENOENT" });
  expect(readdirSync(cwd)).toEqual([]);
});

test("a program reads the file that it is given as stdin", async () => {
  const dir = await folderWith({ input: "read\n" });
  await expect(runChild("cat", [], { cwd: dir, stdin: join(dir, "input") })).resolves.toMatchObject({
    stdout: "read\n",
  });
});

test("one that is not there ends with 127, as in a shell", async () => {
  await expect(runChild("there-is-none", [], here)).resolves.toMatchObject({ exitCode: 127 });
});

test("what can't be started is an error of the system", async () => {
  await expect(runChild("sh", [], { cwd: "/there-is-none" })).rejects.toMatchObject({ code: "ENOENT" });
});

test("an AbortSignal ends one of several, and what it started", async () => {
  const [cwd, other] = [await folderWith({}), await folderWith({})];
  const abort = new AbortController();
  const temporary = join(cwd, "temporary");
  const ended = runChild("sh", ["-c", family], { cwd, temporary, signal: abort.signal });
  const going = runChild("sh", ["-c", "while [ ! -e end ]; do sleep 0.05; done; echo went on"], { cwd: other });
  const pids = await started(cwd);
  expect(readdirSync(temporary)).toEqual(["file"]);
  abort.abort(new Error("overtaken"));
  await expect(ended).rejects.toThrow("overtaken");
  await allEnded(pids);
  expect(existsSync(temporary)).toBe(false);
  writeFileSync(join(other, "end"), "");
  await expect(going).resolves.toMatchObject({ exitCode: 0, stdout: "went on\n" });
  await expect(runChild("sh", [], { cwd, signal: abort.signal })).rejects.toThrow("overtaken");
});

test("one that does not heed SIGTERM is ended as well", async () => {
  const cwd = await folderWith({});
  const abort = new AbortController();
  const ended = runChild("sh", ["-c", `trap "" TERM; ${family}; sleep 600`], {
    cwd,
    temporary: join(cwd, "temporary"),
    signal: abort.signal,
  });
  const pids = await started(cwd);
  abort.abort(new Error("overtaken"));
  await expect(ended).rejects.toThrow("overtaken");
  await allEnded(pids);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const)(
  "programs end with the process that started them, which %s alone ends",
  async (name) => {
    const folders = [await folderWith({}), await folderWith({})];
    const starts = folders.map((cwd) => {
      const options = { cwd, temporary: join(cwd, "temporary"), scratch: join(cwd, "it is.tmp.") };
      const script = `: > "it is.tmp.wasm"; : > "it is.wasm"; ${family}`;
      return `runChild("sh", ["-c", ${JSON.stringify(script)}], ${JSON.stringify(options)});`;
    });
    const source = `import { runChild } from ${JSON.stringify(new URL("../../dist/system/child-process.js", import.meta.url).href)};\n${starts.join("\n")}`;
    const starter = spawn(process.execPath, ["--input-type=module", "--eval", source], { stdio: "ignore" });
    const end = new Promise((resolve) => starter.on("exit", (_, by) => resolve(by)));
    const pids = (await Promise.all(folders.map(started))).flat();
    expect(pids.every(isRunning)).toBe(true);
    starter.kill(name);
    expect(await end).toBe(name);
    await allEnded(pids);
    await vi.waitFor(() => {
      for (const folder of folders) expect(readdirSync(folder).toSorted()).toEqual(["it is.wasm", "pids"]);
    }, waiting);
  },
);
