import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Run } from "@wasi-kit/manifest";
import { onTestFinished } from "vitest";

/** What lies at a path: a file's content, where a link leads; a path that ends with "/" is a directory. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly to: string }>>;

/** A new folder with these files, removed when the test that asked for it ends. */
export async function folderWith(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wasi-kit-vitest-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(path.endsWith("/") ? target : dirname(target), { recursive: true });
    if (typeof content === "object" && "to" in content) await symlink(content.to, target);
    else if (!path.endsWith("/")) await writeFile(target, content);
  }
  return folder;
}

/** The text of a wasi.json with these runs. */
export const manifestWith = (runs: Readonly<Record<string, Run>>, more = {}): string =>
  JSON.stringify({ description: "An example", module: "guest.wasm", runs, ...more });
