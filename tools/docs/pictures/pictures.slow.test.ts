import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../../root.ts";
import { pictures } from "./index.ts";

const folder = join(root, "docs/pictures");

describe.each(Object.entries(pictures))("%s.svg", (name, draw) => {
  test("shows what the sources and the data say today", async () => {
    await expect(draw()).toMatchFileSnapshot(join(folder, `${name}.svg`));
  });

  test("says in words what it shows", () => {
    const [, description = ""] = /<desc [^>]*>([^<]*)<\/desc>/.exec(draw()) ?? [];
    expect(description.length).toBeGreaterThan(100);
  });

  test("keeps within its frame", () => {
    const svg = draw();
    const [, width = "", height = ""] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
    const places = [...svg.matchAll(/<(?:text|rect) x="([\d.-]+)" y="([\d.-]+)"/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(places.length).toBeGreaterThan(5);
    for (const [x = 0, y = 0] of places) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThan(Number(width));
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThan(Number(height));
    }
  });
});

test("nothing else is there", () => {
  expect(readdirSync(folder).toSorted()).toEqual(
    Object.keys(pictures)
      .map((name) => `${name}.svg`)
      .toSorted(),
  );
});
