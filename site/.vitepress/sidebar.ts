import type { DefaultTheme } from "vitepress";
import { addressOf, titleOf } from "../pages/page.ts";
import type { Page } from "../pages/page.ts";

type Item = DefaultTheme.SidebarItem;

/** The references, in the order in which they are listed. */
const references = ["index", "manifest", "functions", "errno", "errors", "benchmarks"];

/** The guides, in the order in which a reader needs them. Others come after them. */
const guides = ["install", "first-program", "vitest", "crate", "editor", "ci", "debugging", "moving"];

/** The pages at the side, by the part of the site. */
export function sidebarOf(pages: readonly Page[]): DefaultTheme.Sidebar {
  const under = (folder: string): Page[] => pages.filter(({ path }) => path.startsWith(`${folder}/`));
  const named = (...paths: string[]): Item[] =>
    paths.flatMap((path) => pages.filter((page) => page.path === path).map(item));
  const section = (text: string, folder: string): Item => ({
    text,
    items: under(folder)
      .toSorted((a, b) => placeOf(a) - placeOf(b) || (a.path < b.path ? -1 : 1))
      .map(item),
  });
  const examples = under("examples").filter(({ path }) => path.split("/").length === 4);
  const languages = [...new Set(examples.map(languageOf))];
  const overview: Item = {
    text: "Examples",
    items: [
      ...named("examples/index.md", "examples/server/index.md", "examples/browser/index.md"),
      ...languages.map((language) => ({ text: language, link: `/examples/${language}/hello/` })),
    ],
  };
  const about: Item = {
    text: "About",
    items: named("overview.md", "glossary.md", "security.md", "conformance.md", "architecture.md", "contributing.md"),
  };
  return {
    "/tutorial/": [section("Tutorial", "tutorial"), about],
    "/guides/": [section("Guides", "guides"), about],
    ...Object.fromEntries(
      languages.map((language): [string, Item[]] => [
        `/examples/${language}/`,
        [overview, { text: language, items: examples.filter((page) => languageOf(page) === language).map(item) }],
      ]),
    ),
    "/examples/": [overview],
    "/": [
      {
        text: "Reference",
        items: named(...references.map((name) => `reference/${name}.md`), "conformance.md", "comparison.md"),
      },
      section("Command line", "reference/command-line"),
      section("API", "api"),
      about,
    ],
  };
}

const item = (page: Page): Item => ({ text: titleOf(page), link: addressOf(page.path) });
const placeOf = ({ path }: Page): number => {
  const name = path.split("/").at(-1)?.replace(/\.md$/, "") ?? "";
  const place = guides.indexOf(name);
  return name === "index" ? -1 : place === -1 ? guides.length : place;
};
const languageOf = ({ path }: Page): string => path.split("/")[1] as string;
