import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { spillFile } from "../../src/node/spill-file.ts";
import { WasiError } from "../../src/wasi-error.ts";
import { openDescriptors, temporaryDirectory } from "../support/file-systems.ts";
import { onPlatform } from "../support/platform.ts";

test.each(["linux", "darwin"] as const)("holds what is written, in a file without a name, on %s", (platform) => {
  onTestFinished(onPlatform(platform));
  const directory = temporaryDirectory();
  const before = openDescriptors();
  const store = spillFile(directory);
  const into = new Uint8Array(4);
  expect(store.read([into], 0)).toBe(0);
  expect(openDescriptors()).toBe(before);
  expect(store.write([Uint8Array.of(1, 2), Uint8Array.of(3)], 5)).toBe(3);
  expect(store.write([Uint8Array.of(9)], 7)).toBe(1);
  expect(openDescriptors()).toBe(before + 1);
  expect(readdirSync(directory)).toEqual([]);
  expect(store.read([into], 4)).toBe(4);
  expect([...into]).toEqual([0, 1, 2, 9]);
  expect(store.read([into], 7)).toBe(1);
  store.close();
  store.close();
  expect(openDescriptors()).toBe(before);
});

test("goes to the system's folder for temporary files if no other is named", () => {
  const store = spillFile();
  expect(store.write([Uint8Array.of(1)], 0)).toBe(1);
  store.close();
});

test("fails as the host says if it can't be created", () => {
  const store = spillFile(join(temporaryDirectory(), "nowhere"));
  expect(() => store.write([Uint8Array.of(1)], 0)).toThrow(new WasiError("noent"));
  store.close();
});
