import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, remove } from "../../../test/helpers/command.ts";
import { parseGrants } from "./grants.ts";

let folder: string;

beforeAll(async () => {
  folder = await makeFolder({
    "first.env": 'A=1\nB="two words" # a comment\n',
    "second.env": "A=2\n",
    "a:/b/file": "",
  });
});
afterAll(() => remove(folder));

test.each([
  ["1", 1],
  ["500ms", 500],
  ["5s", 5000],
  ["1.5s", 1500],
  ["2m", 120_000],
  ["4294967295", 0xffff_ffff],
])("--timeout %s is %i milliseconds", (timeout, timeoutMs) => {
  expect(parseGrants({ timeout }, {})).toMatchObject({ timeoutMs });
});

test.each(["0", "0s", "-1", "5x", "5 s", "s", "1e3", "", "4294967296", "72000m"])(
  "--timeout %j is refused",
  (timeout) => {
    expect(() => parseGrants({ timeout }, {})).toThrow(
      `--timeout ${timeout}: expected a time, such as --timeout 500ms, 5s or 2m; a bare number is milliseconds`,
    );
  },
);

test("files of variables are read in their order, and --env counts more", () => {
  const files = ["first.env", "second.env"].map((name) => join(folder, name));
  const { env } = parseGrants({ "env-file": files, env: ["C=3"] }, { env: { A: "0", D: "4" } });
  expect(env).toEqual({ A: "2", B: "two words", C: "3", D: "4" });
  expect(parseGrants({ "env-file": files, env: ["A=9"] }, {}).env).toMatchObject({ A: "9" });
});

test("a file of variables that is not there is a usage error", () => {
  expect(() => parseGrants({ "env-file": ["no.env"] }, {})).toThrow(
    "--env-file no.env: this file can't be read (ENOENT).",
  );
});

test.runIf(process.platform !== "win32").each([
  ["data:/sandbox", "data::/sandbox"],
  ["data:/sandbox:ro", "data::/sandbox::ro"],
  ["a:/b", "a::/b"],
])("--dir %s is answered with two colons", (dir, meant) => {
  expect(() => parseGrants({ dir: [dir] }, {})).toThrow(
    `--dir ${dir}: two colons separate the paths, as in --dir ${meant}`,
  );
});

test.runIf(process.platform !== "win32")("a folder may have a colon in its name", () => {
  const dir = join(folder, "a:/b");
  expect(parseGrants({ dir: [dir] }, {}).preopens).toEqual({ [dir]: { path: dir, access: "read-write" } });
});

test.each([
  [["a::/x", "b::/x"], "--dir b::/x: /x is granted already, and can be one directory."],
  [["a::/x", "b::/x/::ro"], "--dir b::/x/::ro: /x/ is granted already, and can be one directory."],
  [["a", "a"], "--dir a: a is granted already, and can be one directory."],
])("two directories by one guest path are refused: %j", (dir, message) => {
  expect(() => parseGrants({ dir }, {})).toThrow(message);
});

test("a directory of a wasi.json is replaced by one with the same guest path", () => {
  const { preopens } = parseGrants({ dir: ["b::/x"] }, { preopens: { "/x": "a", "/y": "c" } });
  expect(preopens).toEqual({ "/x": { path: "b", access: "read-write" }, "/y": "c" });
});
