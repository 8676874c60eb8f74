import { manifestText } from "./edit-manifest.ts";
import type { Content } from "./files.ts";
import type { SharedState } from "./share-link.ts";
import { manifestName } from "./session.ts";

/**
 * A project for a module, or a text of one, that a user brings along.
 *
 * @returns undefined if there is none among the files
 */
export function droppedProject(
  files: readonly (readonly [name: string, bytes: Uint8Array])[],
): SharedState | undefined {
  const found = files.find(([name]) => /\.(wasm|wat)$/.test(name));
  if (!found) return undefined;
  const [file, bytes] = found;
  const isText = file.endsWith(".wat");
  const manifest = {
    description: `${file}, a program of your own`,
    ...(isText ? { build: { language: "wat" as const, source: file } } : {}),
    module: file.replace(/\.wat$/, ".wasm"),
    runs: { default: {} },
  };
  const contents: [string, Content][] = [
    [file, isText ? new TextDecoder().decode(bytes) : bytes],
    [manifestName, manifestText(manifest)],
  ];
  return { run: "default", files: new Map(contents.toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}
