import { join } from "node:path";
import type { Browser } from "playwright-core";
import { globSync } from "tinyglobby";
import { x } from "tinyexec";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readProgram } from "@wasi-kit/manifest";
import { chromiumMissing } from "../browser/chromium.ts";
import { launchChromium, openIn, serveFolder } from "../browser/open-page.ts";
import type { ServedFolder } from "../browser/open-page.ts";
import { violations } from "../browser/violations.ts";
import { ofChapters } from "../../site/pages/playground.ts";
import { root } from "../root.ts";
import { firstLoadBytes } from "./first-load.ts";

const folder = join(root, "site/build/site");
const mostBytes = 150_000;

/** What a reader of a page has: each is looked at in light and dark, wide and narrow, on a page of each kind. */
const kinds = ["index.html", "tutorial/01-by-hand.html", "reference/manifest.html", "reference/benchmarks.html"];
const narrow = { width: 375, height: 700 };

/** The pages of VitePress. The playground has tests of its own. */
const pagesOf = (cwd: string): string[] =>
  globSync("**/*.html", { cwd, ignore: ["404.html", "playground/**"] }).toSorted();

/** Pages that a reader may follow a link to are fetched ahead, which ends if the reader goes elsewhere. */
const mattering = (problems: readonly string[]): string[] =>
  problems.filter((problem) => !problem.endsWith(".js: net::ERR_ABORTED"));

beforeAll(async () => {
  const vite = join(root, "site/playground/node_modules/vite/bin/vite.js");
  await x("node", [vite, "build"], { nodeOptions: { cwd: join(root, "site/playground") }, throwOnError: true });
  const vitepress = join(root, "site/node_modules/vitepress/bin/vitepress.js");
  // It fails if a link or an anchor leads nowhere.
  await x("node", [vitepress, "build", join(root, "site")], { throwOnError: true });
}, 600_000);

test("no page takes more than 150 kB at its first load", () => {
  const pages = pagesOf(folder);
  const sizes = pages.map((page) => [page, firstLoadBytes(folder, page)] as const);
  expect(pages.length).toBeGreaterThan(100);
  expect(sizes.filter(([, bytes]) => bytes > mostBytes)).toEqual([]);
});

describe.skipIf(chromiumMissing)(chromiumMissing ?? "in Chromium", () => {
  let browser: Browser;
  let server: ServedFolder;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), serveFolder(folder)]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  test(
    "each page is there without an error in the console, and axe-core finds nothing",
    { timeout: 1_800_000 },
    async () => {
      const pages = pagesOf(folder);
      const { page, problems } = await openIn(browser, server.url);
      const found: Record<string, unknown[]> = {};
      for (const path of pages) {
        await page.goto(server.url + path);
        // VitePress names its switches once its scripts have run.
        await page.locator('.VPSwitchAppearance:not([title=""])').first().waitFor({ state: "attached" });
        const all = [...(await violations(page)), ...mattering(problems.splice(0))];
        if (all.length > 0) found[path] = all;
      }
      await page.close();
      expect(found).toEqual({});
    },
  );

  test.each(
    kinds.flatMap(
      (kind) =>
        [
          [kind, "dark"],
          [kind, "light"],
        ] as const,
    ),
  )("%s can be read on a telephone, %s", async (path, colorScheme) => {
    const { page, problems } = await openIn(browser, server.url);
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(narrow);
    await page.goto(server.url + path);
    expect(await violations(page)).toEqual([]);
    // Nothing makes the page wider than the screen.
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(narrow.width);
    expect(mattering(problems)).toEqual([]);
    await page.close();
  });

  test.each(globSync("docs/tutorial/[0-9]*.md", { cwd: root }).toSorted())(
    "%s has a program beside it that runs",
    async (chapter) => {
      const { page, problems } = await openIn(browser, server.url + chapter.replace(/^docs\/(.*)md$/, "$1html"));
      await page.locator(".playground summary").click();
      const playground = page.frameLocator(".playground iframe");
      await playground.getByRole("button", { name: "Run", exact: true }).click();
      const { manifest } = await readProgram(join(root, "examples", ofChapters[chapter] as string));
      const [{ exitCode = 0 } = {}] = Object.values(manifest.runs);
      await playground
        .getByRole("status")
        .getByText(new RegExp(`exit code ${exitCode}[.,]`))
        .waitFor();
      expect(mattering(problems)).toEqual([]);
      await page.close();
    },
  );

  test("an example leads to the playground with its program", async () => {
    const { page, problems } = await openIn(browser, `${server.url}examples/rust/read-file/index.html`);
    await page.getByRole("link", { name: "Open it in the playground" }).click();
    await page.getByText("fn main()").waitFor();
    expect(mattering(problems)).toEqual([]);
    await page.close();
  });

  test("the search is opened, used and left by keyboard", async () => {
    const { page, problems } = await openIn(browser, `${server.url}tutorial/`);
    const box = page.locator(".VPLocalSearchBox input");
    // The page takes keys once its scripts have run.
    const open = async (): Promise<boolean> => {
      await page.keyboard.press("Control+k");
      return box.isVisible();
    };
    await expect.poll(open, { interval: 500, timeout: 20_000 }).toBe(true);
    await page.keyboard.type("path_open");
    // What was typed first found something else.
    await page.locator(".VPLocalSearchBox li:first-child .result", { hasText: "path_open" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator("main", { hasText: "path_open" }).waitFor();
    expect(mattering(problems)).toEqual([]);
    await page.close();
  });
});
