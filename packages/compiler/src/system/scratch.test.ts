import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../../../manifest/test/helpers/folder.ts";
import { replaceFile } from "./replace-file.ts";
import { scratchFile, withScratch } from "./scratch.ts";

test("what a compiler writes on the way is beside the module, and is removed", async () => {
  const dir = await folderWith({});
  const module = join(dir, "build/hello.wasm");
  await withScratch(module, async () => {
    for (const name of ["0.o", "0.d", "wasm"]) writeFileSync(scratchFile(module, name), "");
    expect(readdirSync(join(dir, "build"))).toHaveLength(3);
  });
  expect(readdirSync(join(dir, "build"))).toEqual([]);
});

test("what a build that was killed has left is removed by the next, and that of one that goes on stays", async () => {
  const { pid } = spawnSync(process.execPath, ["--eval", ""]);
  const dir = await folderWith({ [`hello.wasm.${pid}.tmp.0.o`]: "", [`hello.wasm.${pid}.tmp`]: "" });
  const module = join(dir, "hello.wasm");
  const own = scratchFile(module, "0.o");
  writeFileSync(own, "");
  replaceFile(module, "module");
  expect(existsSync(own)).toBe(true);
  expect(readdirSync(dir)).toEqual(["hello.wasm", `hello.wasm.${process.pid}.tmp.0.o`]);
});

test("a signal that comes while nothing is being compiled leaves no file either, nor a listener a build that ended", async () => {
  const dir = await folderWith({});
  const script = `import { writeFileSync } from "node:fs";
    import { scratchFile, withScratch } from ${JSON.stringify(new URL("../../dist/system/scratch.js", import.meta.url).href)};
    const written = (name) => async () => {
      writeFileSync(scratchFile(name, "o"), "");
      process.stdout.write("written ");
    };
    await withScratch("first.wasm", written("first.wasm"));
    for (let i = 0; i < 3; i++) await new Promise(setImmediate);
    process.stdout.write(process.listenerCount("SIGTERM") + " ");
    for (const name of ["second.wasm", "third.wasm"])
      void withScratch(name, async () => {
        await written(name)();
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { cwd: dir });
  const closed = once(child, "close");
  let output = "";
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.endsWith(" written written ")) child.kill("SIGTERM");
  }
  expect([output, ...(await closed)]).toEqual(["written 0 written written ", null, "SIGTERM"]);
  expect(readdirSync(dir)).toEqual([]);
});
