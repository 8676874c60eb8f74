import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { x } from "tinyexec";
import { expect, onTestFinished, test } from "vitest";
import { bin, makeFolder, remove } from "./helpers/command.ts";
import { assembleModule } from "./helpers/modules.ts";

test("in a folder with nothing else in it, a module runs, and nothing is left there", async () => {
  const cwd = await makeFolder({ "hello.wasm": await assembleModule("hello") });
  const elsewhere = await makeFolder({});
  onTestFinished(async () => void (await Promise.all([remove(cwd), remove(elsewhere)])));
  // npx, too, starts it by a link in a folder of such.
  mkdirSync(join(elsewhere, ".bin"));
  symlinkSync(bin, join(elsewhere, ".bin/wasi-kit"));
  const command = join(elsewhere, ".bin/wasi-kit");
  const options = { nodePath: false, nodeOptions: { cwd, env: { HOME: elsewhere } } };

  await expect(x(command, ["run", "hello.wasm"], options)).resolves.toEqual({
    exitCode: 0,
    stdout: "hello\n",
    stderr: "",
  });
  await expect(x(command, ["run"], options)).resolves.toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("There is no wasi.json in the current folder."),
  });
  expect(readdirSync(cwd)).toEqual(["hello.wasm"]);
});
