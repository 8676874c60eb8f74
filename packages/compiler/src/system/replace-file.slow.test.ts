import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { folderWith } from "../../../manifest/test/helpers/folder.ts";

const size = 16 * 1024 * 1024;
const source = `
  import { replaceFile } from ${JSON.stringify(new URL("../../dist/system/replace-file.js", import.meta.url).href)};
  const content = new Uint8Array(${size});
  function write() {
    replaceFile("file", content);
    process.stdout.write("written\\n");
    setImmediate(write);
  }
  write();
`;

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s at any moment ends a process, and leaves a whole file and none beside",
  async (signal) => {
    for (let moment = 0; moment < 20; moment++) {
      const cwd = await folderWith({});
      const child = spawn(process.execPath, ["--input-type=module", "--eval", source], { cwd });
      await once(child.stdout, "data");
      await setTimeout(Math.random() * 20);
      child.kill(signal);
      expect(await once(child, "exit")).toEqual([null, signal]);
      expect(readdirSync(cwd)).toEqual(["file"]);
      expect(statSync(join(cwd, "file")).size).toBe(size);
    }
  },
);

test("a signal that the process listens to is left to it", async () => {
  const cwd = await folderWith({});
  const listens = `process.once("SIGTERM", () => process.exit(7));\n${source}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", listens], { cwd });
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([7, null]);
  expect(readdirSync(cwd)).toEqual(["file"]);
});
