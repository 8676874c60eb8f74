import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** What lies at a path: a file's content, where a link leads; a path that ends with "/" is a directory. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly to: string }>>;

/** A new folder with these files, removed when the test that asked for it ends. */
export async function folderWith(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wasi-kit-manifest-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(path.endsWith("/") ? target : dirname(target), { recursive: true });
    if (typeof content === "object" && "to" in content) await symlink(content.to, target);
    else if (!path.endsWith("/")) await writeFile(target, content);
  }
  return folder;
}

/** All that is in a folder and below it, modes included, in the form that {@link folderWith} takes. */
export function listFolder(folder: string): Record<string, string> {
  const entries = readdirSync(folder).map((name): [string, string][] => {
    const path = join(folder, name);
    const stats = lstatSync(path);
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isSymbolicLink()) return [[name, `-> ${readlinkSync(path)}`]];
    if (!stats.isDirectory()) return [[name, `${mode} ${readFileSync(path, "latin1")}`]];
    const below = Object.entries(listFolder(path)).map(([at, it]): [string, string] => [`${name}/${at}`, it]);
    return [[`${name}/`, mode], ...below];
  });
  return Object.fromEntries(entries.flat());
}
