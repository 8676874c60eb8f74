import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** What lies at a path: a file's content, where a link leads; a path that ends with "/" is a directory. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly to: string }>>;

/** A new folder with these files, removed when the test that asked for it ends. */
export async function folderWith(files: Files): Promise<string> {
  const folder = await makeFolder(files);
  onTestFinished(() => remove(folder));
  return folder;
}

/** A new folder with these files, for more than one test. Remove it with {@link remove}. */
export async function makeFolder(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wasi-kit-test-"));
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(path.endsWith("/") ? target : dirname(target), { recursive: true });
    if (typeof content === "object" && "to" in content) await symlink(content.to, target);
    else if (!path.endsWith("/")) await writeFile(target, content);
  }
  return folder;
}

/** Removes a folder with all that is in it. */
export const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
