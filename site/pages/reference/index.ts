import type { Page } from "../page.ts";
import { addressOf, titleOf } from "../page.ts";
import { benchmarksPage } from "./benchmarks.ts";
import { commandPages, loadCommands } from "./commands.ts";
import { errorsPage } from "./errors.ts";
import { manifestPage } from "./manifest.ts";
import { preview1Pages } from "./preview1.ts";

/** The pages that are made of data, and one that lists them. */
export async function referencePages(): Promise<Page[]> {
  const { commands, common } = await loadCommands();
  const pages = [
    manifestPage(),
    ...commandPages(commands, common),
    errorsPage(commands),
    ...preview1Pages(),
    benchmarksPage(),
  ];
  const listed = pages.filter(({ path }) => !path.startsWith("reference/command-line/") || path.endsWith("index.md"));
  const links = [
    ...listed.map((page) => `- [${titleOf(page)}](${addressOf(page.path)})`),
    "- [The API, by task](/api/)",
    "- [Conformance](/conformance)",
    "- [Glossary](/glossary)",
  ];
  const text = `# Reference\n\nThese pages are made of the sources: the schema, the tables that \`--help\` prints, the tables of the ABI, the declarations of the packages, and what was measured.\n\n${links.join("\n")}\n`;
  return [{ path: "reference/index.md", text }, ...pages];
}
