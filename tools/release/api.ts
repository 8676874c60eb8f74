import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../root.ts";
import type { Package } from "./packages.ts";

/** What a package promises to those who import it: its declarations, without their comments, a file after the other. */
export function publicApi({ folder, manifest }: Package): string {
  const entries = Object.entries(manifest.exports).map(([path, target]) => ({
    path: join(manifest.name, path),
    types: typeof target === "string" ? undefined : target.types,
  }));
  const files = new Map<string, string>();
  for (const { types } of entries) if (types) read(join(root, folder), join(types), files);
  return [
    ...entries.map(({ path, types }) => `${path}${types ? ` = ${join(types)}` : ""}`),
    ...[...files].map(([path, text]) => `\n// ${path}\n${text.trim()}`),
    "",
  ].join("\n");
}

function read(dir: string, path: string, files: Map<string, string>): void {
  if (files.has(path)) return;
  const text = readFileSync(join(dir, path), "utf8");
  files.set(path, text.replaceAll(/ *\/\*\*[^]*?\*\/\s?|\/\/ build\/.*\n|\/\/# sourceMappingURL.*/g, ""));
  for (const [, imported] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.[jt]s"/g)) {
    read(dir, join(dirname(path), `${imported}.d.ts`), files);
  }
}
