import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { build, preview } from "vite";
import { root } from "../root.ts";
import { findChromium } from "./chromium.ts";

/** A page that is open in Chromium. */
export interface OpenPage {
  readonly page: Page;
  readonly browser: Browser;
  /** Where it was served from. */
  readonly url: string;
  /** The folder that it was bundled into. */
  readonly folder: string;
  /** What it wrote to its console as an error, threw and did not catch, or could not load. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** A folder that is served on loopback. */
export interface ServedFolder {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts Chromium without a window. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("There is no Chromium here. Type: pnpm browser");
  // Root's processes can't have Chromium's sandbox; the pages are our own.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

/** Opens a page in a browser, and records what goes wrong there. */
export async function openIn(browser: Browser, url: string): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("requestfailed", (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`));
  await page.goto(url);
  return { page, problems };
}

/** Pages to bundle. */
interface PageSource {
  /** Their folder. */
  readonly folder: string;
  /** The names of the pages, the one to be opened first. */
  readonly pages: readonly string[];
  /** Whether the folder has a configuration of Vite. Default: `false`. */
  readonly configured?: boolean;
}

/** Bundles pages, as a user of the packages would, and opens the first. Default: those in `tools/browser/page`. */
export async function openPage(
  { folder, pages, configured = false }: PageSource = {
    folder: join(root, "tools/browser/page"),
    pages: ["index.html", "sample.html"],
  },
): Promise<OpenPage> {
  const outDir = mkdtempSync(join(tmpdir(), "wasi-kit-page-"));
  await build({
    root: folder,
    ...(configured ? {} : { configFile: false, worker: { format: "es" } }),
    logLevel: "error",
    build: {
      outDir,
      ...(configured ? {} : { minify: false, chunkSizeWarningLimit: Infinity }),
      rolldownOptions: { input: pages.map((name) => join(folder, name)) },
    },
  });
  const server = await serveFolder(outDir);
  const browser = await launchChromium();
  const { page, problems } = await openIn(browser, server.url);
  return {
    page,
    browser,
    url: server.url,
    problems,
    folder: outDir,
    async close() {
      await browser.close();
      await server.close();
      rmSync(outDir, { recursive: true });
    },
  };
}

/** Serves static files. */
export async function serveFolder(folder: string): Promise<ServedFolder> {
  const server = await preview({
    root: folder,
    configFile: false,
    logLevel: "error",
    // A page that is not there is an error, and not the first page.
    appType: "mpa",
    build: { outDir: folder },
    preview: { host: "127.0.0.1", port: 0 },
  });
  return { url: server.resolvedUrls?.local[0] ?? "", close: () => server.close() };
}
