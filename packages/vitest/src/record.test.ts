import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readExample } from "@wasi-kit/manifest";
import type { Run } from "@wasi-kit/manifest";
import { expect, onTestFinished, test, vi } from "vitest";
import { record } from "./record.ts";
import { folderWith, manifestWith } from "./testing/example.ts";
import type { Files } from "./testing/example.ts";
import { guestThat } from "./testing/guest.ts";
import type { Step } from "./testing/guest.ts";

/** What a guest that does these things is recorded as, in a folder with these files. */
async function recorded(
  steps: readonly Step[],
  run: Run,
  files: Files = {},
): Promise<{ folder: string; text: string }> {
  const folder = await folderWith({
    ...files,
    "guest.wasm": await guestThat(...steps),
    "wasi.json": manifestWith({ default: run }),
  });
  const { text } = await record(await readExample(folder), "default", {});
  return { folder, text };
}

test.each<[how: string, ending: Step[], exitCode: number]>([
  ["returns", [], 0],
  ["exits with an error", [["remove", "missing"]], 44],
  ["traps", [["trap"]], 134],
])("a guest that writes and then %s changes copies only, which are gone afterwards", async (_, ending, exitCode) => {
  const temporary = await folderWith({});
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { folder, text } = await recorded(
    [["write", "file.txt", "other"], ["write", "new.txt", "new"], ["print", "done"], ...ending],
    { preopens: { "/data": "data" } },
    { "data/file.txt": "as it was" },
  );
  expect(text).toContain(`exit code  ${exitCode}\n\nstdout\n| done`);
  expect(readdirSync(join(folder, "data"))).toEqual(["file.txt"]);
  expect(readFileSync(join(folder, "data/file.txt"), "utf8")).toBe("as it was");
  // The folder of this test is below it as well.
  expect(readdirSync(temporary).filter((name) => name.startsWith("wasi-kit-run-"))).toEqual([]);
});

test("a directory that is missing is named as the manifest has it, and nothing stays behind", async () => {
  const { text } = await recorded([], { preopens: { "/data": "data", "/none": "none" } }, { "data/file.txt": "" });
  expect(text).toContain(
    "\nmessage\n| The preopen /none is declared as none, and there is no such directory.\n| Create it (mkdir -p none) or declare one that is there.\n",
  );
});
