import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { openPage } from "../../../tools/browser/open-page.ts";
import type { OpenPage } from "../../../tools/browser/open-page.ts";
import { root } from "../../../tools/root.ts";

/** Bundles the playground's page, and opens it in Chromium. */
export const openPlayground = (): Promise<OpenPage> =>
  openPage({ folder: join(root, "site/playground"), pages: ["index.html"], configured: true });

/** A playground as a user sees it. */
export interface PlaygroundPage {
  readonly page: Page;
  readonly status: Locator;
  readonly editor: Locator;
  /** Chooses a program, and waits until it is there. */
  choose(program: string, run?: string): Promise<void>;
  /** Presses Run, and waits for the end of the run. */
  run(): Promise<string>;
  /** What the program wrote to a stream. */
  output(stream: "stdout" | "stderr"): Promise<string>;
  /** Replaces the text in the editor. */
  type(text: string): Promise<void>;
  openFile(path: string): Promise<void>;
  show(tab: string): Promise<Locator>;
}

export function playgroundPage(page: Page): PlaygroundPage {
  page.setDefaultTimeout(15_000);
  const status = page.getByRole("status");
  const editor = page.locator(".cm-content");
  const runButton = page.getByRole("button", { name: "Run", exact: true });
  const openFile = async (path: string): Promise<void> => {
    await page.locator(".tree").getByRole("button", { name: path, exact: true }).click();
    await page.locator(`.cm-content[aria-label^="${path}"]`).waitFor();
  };
  return {
    page,
    status,
    editor,
    openFile,
    async choose(program, run) {
      const select = page.getByLabel("Program", { exact: true });
      // It shows its source, or wasi.json, as soon as it is there.
      await select.evaluate((it: HTMLSelectElement) => (it.value = ""));
      await select.selectOption(program);
      await page.waitForFunction(
        (id) =>
          document.querySelector(".wasi-kit-playground")?.shadowRoot?.querySelector("select")?.value === id &&
          document.querySelector(".wasi-kit-playground")?.shadowRoot?.querySelector(".grants-body:not([hidden])") !==
            null,
        program,
      );
      if (run !== undefined) await page.getByLabel("Which run", { exact: true }).selectOption(run);
    },
    async run() {
      // What the run before ended with is there until this one begins.
      await status.evaluate((it) => (it.textContent = ""));
      await runButton.click();
      await page.waitForFunction(
        () => {
          const shown = document
            .querySelector(".wasi-kit-playground")
            ?.shadowRoot?.querySelector(".status")?.textContent;
          return shown !== undefined && shown !== "" && !shown?.endsWith("…");
        },
        undefined,
        { timeout: 90_000 },
      );
      return (await status.textContent()) ?? "";
    },
    output: async (stream) => (await page.locator(`.output .${stream}`).allTextContents()).join(""),
    async type(text) {
      await editor.click();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText(text);
    },
    async show(tab) {
      await page.getByRole("tab", { name: new RegExp(`^${tab}`) }).click();
      return page.getByRole("tabpanel", { name: new RegExp(`^${tab}`) });
    },
  };
}
