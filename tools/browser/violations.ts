import axe from "axe-core";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** What axe-core finds on a page: the rule, and the elements that break it. */
export async function violations(page: Page): Promise<[rule: string, elements: string[]][]> {
  await page.evaluate(axe.source);
  const { violations: found } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as AxeResults;
  return found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
