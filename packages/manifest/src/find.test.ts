import { relative } from "node:path";
import { expect, test } from "vitest";
import { ManifestError } from "./error.ts";
import { findPrograms } from "./find.ts";
import { folderWith } from "../test/helpers/folder.ts";

const manifest = JSON.stringify({ description: "Says hello", module: "hello.wasm", runs: { default: {} } });

test("examples are found at any depth, sorted, and not among results and other people's code", async () => {
  const folder = await folderWith({
    "wasi.json": manifest,
    "wat/hello/wasi.json": manifest,
    "rust/hello/wasi.json": manifest,
    "rust/hello/nested/deeper/wasi.json": manifest,
    "rust/hello/other.json": "{",
    "a/node_modules/pkg/wasi.json": "not read",
    "a/target/release/wasi.json": "not read",
    "a/build/wasi.json": "not read",
    "a/dist/wasi.json": "not read",
    ".hidden/wasi.json": "not read",
  });
  const found = await findPrograms(folder);
  expect(found.map(({ dir }) => relative(folder, dir))).toEqual([
    "rust/hello/nested/deeper",
    "rust/hello",
    "",
    "wat/hello",
  ]);
});

test("one that is not valid is an error, and names its file", async () => {
  const folder = await folderWith({ "good/wasi.json": manifest, "bad/wasi.json": "{}" });
  const found = findPrograms(folder);
  await expect(found).rejects.toThrow(ManifestError);
  await expect(found).rejects.toThrow(`${folder}/bad/wasi.json: description: missing`);
});

test("a folder without examples has none", async () => {
  await expect(findPrograms(await folderWith({ "file.txt": "" }))).resolves.toEqual([]);
});
