import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { Application } from "typedoc";
import type { TypeDocOptions } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";
import { publishedPackages } from "../release/packages.ts";
import { root } from "../root.ts";

/**
 * What a package exports, as Markdown with headings from the second level on: from the declarations that are published,
 * with their comments.
 *
 * @param entry - the file of declarations without its ending, such as `packages/runner/dist/index`
 */
export async function apiOf(entry: string): Promise<string> {
  pages ??= writePages();
  const page = (await pages).get(entry);
  if (page === undefined) throw new Error(`${entry} has no declarations that are published.`);
  return page;
}

let pages: Promise<ReadonlyMap<string, string>> | undefined;

async function writePages(): Promise<ReadonlyMap<string, string>> {
  const entries = publishedPackages().flatMap(({ folder, manifest }) =>
    Object.values(manifest.exports).flatMap((target) =>
      typeof target === "object" && target.types ? [join(folder, target.types).replace(/\.d\.ts$/, "")] : [],
    ),
  );
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-api-"));
  try {
    const options: TypeDocOptions & Partial<PluginOptions> = {
      plugin: ["typedoc-plugin-markdown"],
      // Declarations alone, read as users of the packages read them.
      compilerOptions: { module: "nodenext", target: "es2023", lib: ["es2023", "dom"], types: ["node"], strict: true },
      entryPoints: entries.map((entry) => join(root, `${entry}.d.ts`)),
      basePath: root,
      skipErrorChecking: true,
      excludeExternals: true,
      disableSources: true,
      readme: "none",
      logLevel: "Error",
      cleanOutputDir: false,
      outputs: [{ name: "markdown", path: folder }],
      outputFileStrategy: "modules",
      hidePageHeader: true,
      hideBreadcrumbs: true,
      hidePageTitle: true,
      useCodeBlocks: true,
      parametersFormat: "table",
      interfacePropertiesFormat: "table",
      classPropertiesFormat: "table",
      typeAliasPropertiesFormat: "table",
      propertyMembersFormat: "table",
    };
    const app = await Application.bootstrapWithPlugins(options as TypeDocOptions, []);
    const project = await app.convert();
    if (!project) throw new Error("typedoc can't read the declarations. Build first: pnpm build");
    await app.generateOutputs(project);
    return new Map(
      entries.map((entry) => [entry, withLinks(readFileSync(join(folder, pageOf(entry)), "utf8").trim(), entry)]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An `index` is the page of its folder. */
const pageOf = (entry: string): string => `${entry.replace(/\/index$/, "")}.md`;

/** The files of a package are on one page together, in docs/api. */
function withLinks(text: string, entry: string): string {
  const headings = new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading.toLowerCase()));
  return text.replaceAll(/\]\(([^()#]*\.md)?#([^)]*)\)/g, (_, page: string | undefined, anchor: string) => {
    const file = page && relative(root, resolve(root, dirname(pageOf(entry)), page));
    const [, other = ""] = /^packages\/([^/]+)\//.exec(file ?? "") ?? [];
    if (other !== "" && !entry.startsWith(`packages/${other}/`)) return `](${other}.md#${anchor})`;
    // A member of the same name counts for typedoc, and for nobody else.
    const plain = anchor.replace(/-\d+$/, "");
    return `](#${headings.has(anchor) || !headings.has(plain) ? anchor : plain})`;
  });
}
