import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { checkLinks } from "../../site/pages/check-links.ts";
import { slugOf } from "../../site/pages/slug.ts";

let folder: string | undefined;
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

function site(pages: Readonly<Record<string, string>>): string {
  folder = mkdtempSync(join(tmpdir(), "wasi-kit-site-"));
  for (const [path, html] of Object.entries(pages)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), html);
  }
  return folder;
}

test("links that lead somewhere are fine", () => {
  const built = site({
    "index.html": '<a href="/a/">a</a><a href="a/b.html#there">b</a><a href="https://example.org/none">out</a>',
    "a/index.html": '<a class="x" href="./b.html">b</a><img src="/picture.svg"><a href="#top">top</a><p id="top">',
    "a/b.html": '<h2 id="there">There</h2><a href="../">up</a>',
    "picture.svg": "",
  });
  expect(() => checkLinks(built)).not.toThrow();
});

test.each([
  ['<a href="/none.html">', "index.html: there is no /none.html."],
  ['<a href="none/">', "index.html: there is no none/."],
  ['<a href="/a.html#none">', "index.html: there is nothing with the id in /a.html#none."],
  ['<a class="header" href="#none">', "index.html: there is nothing with the id in #none."],
  ['<img src="/none.svg">', "index.html: there is no /none.svg."],
])("%s leads nowhere", (html, problem) => {
  const built = site({ "index.html": html, "a.html": '<p id="there">' });
  expect(() => checkLinks(built)).toThrow(`Links of the site lead nowhere:\n${problem}`);
});

test.each([
  ["It is not a sandbox", "it-is-not-a-sandbox"],
  ["`--dir HOST::GUEST`", "--dir-hostguest"],
  ["See what a program does, call by call", "see-what-a-program-does-call-by-call"],
  ["Größe", "größe"],
])("the anchor of %s is that of the repository's host", (heading, anchor) => {
  expect(slugOf(heading)).toBe(anchor);
});
