import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

let cwd: string;

beforeAll(async () => {
  cwd = await makeFolder({
    "hello.wasm": await assembleModule("hello"),
    "trap.wasm": await assembleModule("trap"),
    "create.wasm": await assembleModule("create"),
    "program/report.wasm": await assembleModule("report"),
    "program/wasi.json": manifest({ module: "report.wasm", runs: { first: { args: ["a"] } } }),
    "data/file.txt": "",
  });
});
afterAll(() => remove(cwd));

async function run(...args: string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await wasiKit(["run", "--json", ...args], { cwd });
  const report = JSON.parse(stdout) as { exitCode: number };
  expect({ exitCode, stderr }).toEqual({ exitCode: report.exitCode, stderr: "" });
  return report;
}

const noCalls = { calls: 0, bytesRead: 0, bytesWritten: 0, inputBytes: 0, outputBytes: 0 };
const numbers = { durationMs: expect.any(Number), cpuMs: expect.any(Number), memoryBytes: 65_536, ...noCalls };
const nothing = {
  stdout: "",
  stderr: "",
  message: null,
  limit: null,
  frames: [],
  explanation: null,
  changes: [],
  ...numbers,
};

test("a run is an object on stdout, with what the guest wrote in it", async () => {
  await expect(run("hello.wasm")).resolves.toEqual({
    ...nothing,
    module: "hello.wasm",
    outcome: "exited",
    exitCode: 0,
    stdout: "hello\n",
    calls: 1,
    bytesWritten: 6,
    outputBytes: 6,
  });
});

test("a run of a wasi.json, with its arguments", async () => {
  await expect(run("program")).resolves.toMatchObject({
    module: "program/report.wasm",
    stdout: "report.wasm\0a\0\n",
  });
});

test("a trap has its message and its frames", async () => {
  await expect(run("trap.wasm")).resolves.toEqual({
    ...nothing,
    module: "trap.wasm",
    outcome: "trapped",
    exitCode: 134,
    message: "unreachable",
    frames: ["innermost", "middle", "_start"].map((name) => expect.stringMatching(`^${name} \\(wasm-function`)),
  });
});

test("what was refused is explained, and what would have changed is listed", async () => {
  await expect(run("--dir", "data::/data::ro", "create.wasm")).resolves.toMatchObject({
    exitCode: 69,
    explanation: expect.stringContaining("To allow it, add to the command, before the module:"),
  });
  await expect(run("--dir", "data::/data::cow", "create.wasm")).resolves.toMatchObject({
    exitCode: 0,
    changes: [expect.stringContaining("new.txt")],
  });
});

test("a module that can't be run is an object as well", async () => {
  await expect(run("no.wasm")).resolves.toMatchObject({
    outcome: "not-started",
    exitCode: 127,
    ...noCalls,
    message: expect.stringMatching(/^There is no module at no\.wasm\./),
  });
});
