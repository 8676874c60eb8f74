import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { x } from "tinyexec";
import { root } from "../root.ts";

/** The package.json of a published package, as far as it is looked at here. */
interface Manifest {
  name: string;
  version: string;
  description: string;
  private?: boolean;
  repository?: { url: string };
  files: string[];
  exports: Record<string, string | { types?: string; default: string }>;
  dependencies?: Record<string, string>;
}

/** A package that is published. */
export interface Package {
  /** Its folder, from the root. */
  folder: string;
  manifest: Manifest;
}

/** The packages that are published, those that others depend on first. */
export function publishedPackages(dir: string = root): Package[] {
  return globSync("packages/*/package.json", { cwd: dir })
    .toSorted()
    .map((path) => ({
      folder: path.replace(/\/package\.json$/, ""),
      manifest: JSON.parse(readFileSync(join(dir, path), "utf8")) as Manifest,
    }))
    .filter(({ manifest }) => !manifest.private);
}

/** A package as it is published. */
export interface Tarball {
  name: string;
  version: string;
  /** Its path. */
  filename: string;
  /** In bytes. */
  size: number;
  /** What is in it. */
  files: { path: string }[];
}

/**
 * Packs what is published, as `pnpm publish` does: `workspace:` and `catalog:` are replaced by versions.
 *
 * @param folder - the folder for the tarballs
 * @throws Error if a package is not built, or can't be packed
 */
export async function packAll(folder: string, dir: string = root): Promise<Tarball[]> {
  const unbuilt = publishedPackages(dir).find((it) => !existsSync(join(dir, it.folder, "dist")));
  if (unbuilt) throw new Error(`${unbuilt.folder}/dist is not there. Build first: pnpm build`);
  const args = ["--filter", "./packages/*", "--fail-if-no-match", "pack", "--json", "--pack-destination", folder];
  const { stdout, stderr, exitCode } = await x("pnpm", args, { nodeOptions: { cwd: dir } });
  if (exitCode !== 0) throw new Error(`pnpm ${args.join(" ")} failed with ${exitCode}:\n${stdout}${stderr}`);
  const packed = JSON.parse(stdout) as Tarball | Tarball[];
  return [packed].flat();
}
