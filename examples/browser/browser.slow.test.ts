import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { hostile } from "../../packages/runner/test/helpers/hostile.ts";
import { assemble } from "../../packages/wasm/test/helpers/assemble.ts";
import { chromiumMissing } from "../../tools/browser/chromium.ts";
import { openPage } from "../../tools/browser/open-page.ts";
import type { OpenPage } from "../../tools/browser/open-page.ts";

let open: OpenPage;
let page: Page;

beforeAll(async () => {
  if (chromiumMissing !== undefined) return;
  open = await openPage({ folder: import.meta.dirname, pages: ["index.html"], configured: true });
  page = open.page;
  page.setDefaultTimeout(20_000);
}, 120_000);
afterAll(() => open?.close());
beforeEach(({ skip }) => skip(chromiumMissing !== undefined, chromiumMissing));

const status = (): Promise<string | null> => page.getByRole("status").textContent();
const output = (): Promise<string | null> => page.getByLabel("Output").textContent();

/** Chooses a program, gives it what it is to have, and starts it. */
async function start(program: string, args: string, stdin = ""): Promise<void> {
  await page.getByLabel("Program", { exact: true }).selectOption(program);
  await page.getByLabel("Arguments").fill(args);
  await page.getByLabel("stdin").fill(stdin);
  await page.getByRole("button", { name: "Run" }).click();
}

const ended = (as: string | RegExp): Promise<void> => expect.poll(status, { timeout: 20_000 }).toMatch(as);

test("a program reads stdin and prints", async () => {
  await start("stdin-filter", "", "one line\n");
  await ended("exited, exit code 0");
  await expect(output()).resolves.toBe("ONE LINE\n");
});

test("a program reads and changes the files that a user picks, and the changes can be saved", async () => {
  const files = [{ name: "file.txt", mimeType: "text/plain", buffer: Buffer.from("one\n") }];
  await page.getByLabel("Files, which").setInputFiles(files);
  await start("list-directory", "");
  await ended("exited, exit code 0");
  await expect(output()).resolves.toContain("file.txt");
  await start("write-file", "append\n/sandbox/file.txt\ntwo");
  await ended("exited, exit code 0");
  const item = page.getByLabel("Changed files").getByRole("listitem");
  await expect(item.textContent()).resolves.toContain("changed file.txt: 7 bytes, was 4");
  const saving = page.waitForEvent("download");
  await item.getByRole("link").click();
  const saved = await (await saving).path();
  expect(readFileSync(saved, "utf8")).toBe("one\ntwo");
  await page.getByLabel("Files, which").setInputFiles([]);
});

test("a program that fails is explained", async () => {
  await start("write-file", "append\n/elsewhere/file.txt\ntwo");
  await expect.poll(status, { timeout: 20_000 }).toMatch(/exit code 1\. .*\/elsewhere\/file\.txt/);
});

test("a program that does not end is ended by the button, and one that can't start says why", async () => {
  const loop = Buffer.from(await assemble(hostile.loop));
  await page.route("**/exit-code-*.wasm", (route) => route.fulfill({ body: loop }));
  await start("exit-code", "");
  await expect.poll(output, { timeout: 20_000 }).toBe("flood\n");
  await page.getByRole("button", { name: "Stop" }).click();
  await ended("aborted, exit code 130");
  await page.unroute("**/exit-code-*.wasm");
  await page.route("**/exit-code-*.wasm", (route) => route.fulfill({ body: "no module" }));
  await start("exit-code", "");
  await ended("is not WebAssembly");
  expect(open.problems).toEqual([]);
});
