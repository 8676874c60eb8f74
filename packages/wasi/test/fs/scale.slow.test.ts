import { expect, test } from "vitest";
import { copyOnWrite } from "../../src/fs/copy-on-write.ts";
import { openFlags } from "../../src/fs/file-system.ts";
import { memory } from "../../src/fs/memory.ts";
import { openFile, writeText } from "../support/file-systems.ts";
import { watched } from "../support/watched.ts";

// What is made a hundred thousand times takes seconds: `pnpm mutation` leaves this file out.

test("a million small appends do not copy the file each time", () => {
  const file = openFile(memory().open(), "log", openFlags.write | openFlags.create);
  const line = Buffer.from("a line of some length\n");
  const start = performance.now();
  for (let i = 0; i < 1_000_000; i++) file.append([line]);
  expect(file.stat().size).toBe(BigInt(line.length * 1_000_000));
  // It takes a quarter of a second; copying would take minutes.
  expect(performance.now() - start).toBeLessThan(20_000);
});

test("a hundred thousand files cost nothing until one is asked for", () => {
  const files = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`file-${i}`, ""]));
  const calls: string[] = [];
  const root = copyOnWrite(watched(memory({ many: files }), calls)).open();
  const many = root.openDirectory("many");
  writeText(many, "file-99999", "x");
  expect(calls.length).toBeLessThan(10);
  expect(many.list()).toHaveLength(100_000);
  expect(calls.filter((call) => call.startsWith("lookup"))).toHaveLength(2);
});
