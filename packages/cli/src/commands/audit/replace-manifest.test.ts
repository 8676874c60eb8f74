import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../../../../manifest/test/helpers/folder.ts";
import { UsageError } from "../../command-line/command.ts";
import { replaceManifest } from "./replace-manifest.ts";

const fileWith = async (text: string): Promise<string> => join(await folderWith({ "wasi.json": text }), "wasi.json");

test("a text is replaced, and the mode of its file stays", async () => {
  const path = await fileWith("before");
  chmodSync(path, 0o600);
  replaceManifest(path, "before", "after");
  expect(readFileSync(path, "utf8")).toBe("after");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(path, ".."))).toEqual(["wasi.json"]);
});

test("a file that was changed in the meantime is left as it is", async () => {
  const path = await fileWith("changed");
  expect(() => replaceManifest(path, "before", "after")).toThrow(UsageError);
  expect(() => replaceManifest(path, "before", "after")).toThrow("was changed while it was audited");
  expect(readFileSync(path, "utf8")).toBe("changed");
});

// Modes stop no root, but nobody can make a file here.
test.runIf(process.platform === "linux")("a file that can't be written is left as it is, and said", () => {
  const path = "/proc/version";
  const text = readFileSync(path, "utf8");
  expect(() => replaceManifest(path, text, "after")).toThrow(
    /^\/proc\/version can't be written \(E[A-Z]+\)\. It is as it was\./,
  );
  expect(readFileSync(path, "utf8")).toBe(text);
});
