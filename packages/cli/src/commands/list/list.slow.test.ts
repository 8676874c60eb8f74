import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";

let cwd: string;

beforeAll(async () => {
  cwd = await makeFolder({
    "examples/wat/hello/wasi.json": manifest({ build: { language: "wat" }, runs: { default: {}, denied: {} } }),
    "examples/wat/hello/hello.wasm": new Uint8Array(64_650),
    "examples/found/wasi.json": manifest({ description: "Made elsewhere" }),
    "empty/file.txt": "",
    "broken/wasi.json": "{}",
  });
});
afterAll(() => remove(cwd));

test("a table of the examples below a folder", async () => {
  await expect(wasiKit(["list", "examples"], { cwd })).resolves.toEqual({
    exitCode: 0,
    stdout: [
      "program    built by  module     runs             what it shows",
      "found      none      not built  default          Made elsewhere",
      "wat/hello  wat       64.7 kB    default, denied  An example",
      "",
    ].join("\n"),
    stderr: "",
  });
});

test("the same as JSON", async () => {
  const { exitCode, stdout, stderr } = await wasiKit(["list", "--json", "examples/wat/../"], { cwd });
  expect({ exitCode, stderr, found: JSON.parse(stdout) }).toEqual({
    exitCode: 0,
    stderr: "",
    found: [
      { path: "found", language: null, moduleBytes: null, runs: ["default"], description: "Made elsewhere" },
      {
        path: "wat/hello",
        language: "wat",
        moduleBytes: 64_650,
        runs: ["default", "denied"],
        description: "An example",
      },
    ],
  });
});

test.concurrent.each<[args: string[], message: string]>([
  [
    ["empty"],
    "There is no wasi.json in empty or below it.\nName a folder that has one, or have one written: wasi-kit init",
  ],
  [["nowhere"], "There is no folder nowhere."],
  [["empty/file.txt"], "There is no folder empty/file.txt."],
  [["examples", "empty"], "Name one folder at a time: examples, or empty."],
  [
    ["broken"],
    ["description", "module", "runs"].map((key) => `broken/wasi.json: ${key}: missing, and it is required.`).join("\n"),
  ],
])("wasi-kit list %j is an error", async (args, message) => {
  await expect(wasiKit(["list", ...args], { cwd })).resolves.toEqual({
    exitCode: 2,
    stdout: "",
    stderr: `wasi-kit: ${message}\n`,
  });
});
