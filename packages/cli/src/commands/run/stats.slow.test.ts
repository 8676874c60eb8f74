import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

let cwd: string;
beforeAll(async () => {
  cwd = await makeFolder({
    "cat.wasm": await assembleModule("cat"),
    "trap.wasm": await assembleModule("trap"),
    "wasi.json": manifest({ module: "cat.wasm", runs: { default: { stdin: { file: "text" } } } }),
    text: "4".repeat(1500),
  });
});
afterAll(() => remove(cwd));

test.each([
  [
    "a module",
    ["cat.wasm"],
    "four",
    "3 calls, 4 bytes read (4 bytes from stdin), 4 bytes written (4 bytes to stdout and stderr)\n",
  ],
  ["a program", ["."], "", "3 calls, 1.5 kB read (1.5 kB from stdin), 1.5 kB written (1.5 kB to stdout and stderr)\n"],
  [
    "--quiet",
    ["--quiet", "cat.wasm"],
    "",
    "1 call, 0 bytes read (0 bytes from stdin), 0 bytes written (0 bytes to stdout and stderr)\n",
  ],
])("of %s: what it took, on stderr", async (_, args, stdin, stats) => {
  const { stderr } = await wasiKit(["run", "--stats", ...args], { cwd, stdin });
  expect(stderr.replaceAll(/\d+(\.\d)? m?s/g, "TIME")).toBe(
    `cat.wasm: TIME (TIME of CPU time), 131.1 kB of memory, ${stats}`,
  );
});

test("a line of their own, after how it ended and why", async () => {
  const { stderr, exitCode } = await wasiKit(["run", "--stats", "trap.wasm"], { cwd });
  expect(exitCode).toBe(134);
  expect(stderr).toMatch(/^wasi-kit: trap\.wasm trapped[^]*\ntrap\.wasm: .* 65\.5 kB of memory, 0 calls, .*\n$/);
});

test("a run that can't start has none", async () => {
  const { stderr } = await wasiKit(["run", "--stats", "none.wasm"], { cwd });
  expect(stderr).toMatch(/^wasi-kit: There is no module at none\.wasm\.\n.*\n$/);
});
