import { cpSync, existsSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path/posix";
import { root } from "../../tools/root.ts";

/** Where the playground's page is in the site. */
const page = "playground/index.html";

/** The program beside each chapter. */
export const ofChapters: Readonly<Record<string, string>> = {
  "docs/tutorial/01-by-hand.md": "wat/hello",
  "docs/tutorial/02-host.md": "wat/hello",
  "docs/tutorial/03-rust.md": "rust/hello",
  "docs/tutorial/04-files.md": "rust/read-file",
  "docs/tutorial/05-process.md": "rust/args-env",
  "docs/tutorial/06-assemblyscript.md": "assemblyscript/args-env",
  "docs/tutorial/07-testing.md": "rust/write-file",
  "docs/tutorial/08-limits.md": "wat/clock-random",
  "docs/tutorial/09-libraries.md": "wat/library",
  "docs/tutorial/10-other-languages.md": "c/hello",
  "docs/tutorial/11-untrusted-programs.md": "rust/remove-file",
  "docs/tutorial/12-where-wasi-is-going.md": "wat/hello",
};

/**
 * Puts the playground beside a document: into a chapter of the tutorial, and as a link into the README of an example.
 *
 * @param place - where the document is in the site
 */
export function withPlayground(text: string, document: string, place: string): string {
  const chapters = ofChapters[document];
  if (chapters !== undefined) {
    // Before the links to other chapters, which are last.
    const end = text.lastIndexOf("\n_");
    return `${text.slice(0, end)}\n${frame(chapters, place)}${text.slice(end)}`;
  }
  const [, example] = /^examples\/([^/]+\/[^/]+)\/README\.md$/.exec(document) ?? [];
  return example === undefined ? text : text.replace(/^# .*$/m, (heading) => `${heading}\n\n${link(example, place)}`);
}

/** It is loaded when a reader opens it. */
const frame = (program: string, place: string): string => `<details class="playground">
<summary>Try it here: <code>${program}</code> in the playground</summary>
<iframe title="The playground with ${program}" src="${addressFrom(place, program)}" loading="lazy"></iframe>
</details>
`;

// The playground is no page of VitePress, which would look for one with its router otherwise.
const link = (program: string, place: string): string =>
  `<p><a href="${addressFrom(place, program)}" target="_self">Open it in the playground</a></p>`;

const addressFrom = (place: string, program: string): string => `${relative(dirname(place), page)}?program=${program}`;

/**
 * Copies the playground, as it was built, to the files that VitePress serves as they are.
 *
 * @throws Error if it has not been built
 */
export function copyPlayground(publicFolder: string): void {
  const built = join(root, "site/playground/dist");
  if (!existsSync(built))
    throw new Error("The playground is not built. Type: pnpm --filter @wasi-kit/playground run build");
  const target = join(publicFolder, dirname(page));
  rmSync(target, { recursive: true, force: true });
  cpSync(built, target, { recursive: true });
}
