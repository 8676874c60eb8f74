/** Publishes the packages: see `help`. The workflow `release` calls it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packAll, publishedPackages } from "./packages.ts";
import { publishTarballs } from "./publish-tarballs.ts";

const help = `pnpm release:publish [--dry-run]

Packs the packages and publishes those whose version is not in the registry yet, with a proof of provenance. npm takes
that from the CI of a public repository, and compares it with \`repository\` in each package.json.

  --dry-run  publish nothing: say what would be published

Exit codes: 0 all is published; 1 something can't be; 2 the command line can't be understood.
`;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const isDryRun = argv.length === 1 && argv[0] === "--dry-run";
  if (argv.length > 0 && !isDryRun) {
    process.stderr.write(help);
    return argv.includes("--help") ? 0 : 2;
  }
  const homeless = publishedPackages().find(({ manifest }) => !manifest.repository);
  if (homeless && !isDryRun) {
    process.stderr.write(
      `${homeless.folder}/package.json has no repository, and npm asks for it. See CONTRIBUTING.md.\n`,
    );
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-publish-"));
  try {
    const args = isDryRun ? ["--dry-run", "--no-provenance"] : ["--provenance"];
    const published = await publishTarballs(await packAll(folder), { args });
    const names = published.map(({ name, version }) => `${name}@${version}`).join(", ") || "nothing: all is there";
    process.stdout.write(`${isDryRun ? "would publish" : "published"} ${names}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
