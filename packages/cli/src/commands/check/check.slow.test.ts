import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";

let cwd: string;

beforeAll(async () => {
  cwd = await makeFolder({
    "good/a/wasi.json": manifest(),
    "good/b/wasi.json": manifest(),
    "bad/keys/wasi.json": manifest({ modul: "x", runs: { default: { args: "a" } } }),
    "bad/text/wasi.json": "{",
    "bad/node_modules/x/wasi.json": "not looked at",
    "none/file.txt": "",
  });
});
afterAll(() => remove(cwd));

const check = (...args: string[]) => wasiKit(["check", ...args], { cwd });

test("what is valid is counted", async () => {
  await expect(check("good")).resolves.toEqual({ exitCode: 0, stdout: "2 manifests, all valid.\n", stderr: "" });
  await expect(check("good/a")).resolves.toMatchObject({ stdout: "1 manifest, all valid.\n" });
});

test("all that is not valid is listed, and not the first alone", async () => {
  const { exitCode, stdout, stderr } = await check();
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  expect(stdout.split("\n").map((line) => line.replace(/ (unknown key|not JSON).*/, " $1"))).toEqual([
    "not valid bad/keys/wasi.json",
    expect.stringMatching(/^ {2}runs\.default\.args: found "a"/),
    "  modul: unknown key",
    "not valid bad/text/wasi.json",
    expect.stringMatching(/^ {2}.*not JSON/),
    "  JSON has double quotes around every name, and no comments and no comma after the last entry.",
    "2 of 4 manifests not valid.",
    "",
  ]);
});

test("as JSON, an object a wasi.json", async () => {
  const { exitCode, stdout } = await check("--json", "good/a", "bad/keys");
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toEqual([
    { path: "good/a/wasi.json", valid: true, problems: [] },
    {
      path: "bad/keys/wasi.json",
      valid: false,
      problems: [expect.stringMatching(/^runs\.default\.args: /), expect.stringMatching(/^modul: unknown key/)],
    },
  ]);
});

test.each([
  [
    "none",
    "There is no wasi.json in none or below it.\nName a folder that has one, or have one written: wasi-kit init",
  ],
  ["nowhere", "There is no folder nowhere."],
])("%s is a usage error", async (folder, message) => {
  await expect(check(folder)).resolves.toEqual({ exitCode: 2, stdout: "", stderr: `wasi-kit: ${message}\n` });
});
