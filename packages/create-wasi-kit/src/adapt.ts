import { join } from "node:path";
import type { Project } from "./project-files/project.ts";

/** What is changed in a template's files, by their names. */
const changes: Readonly<
  Record<string, (text: string, project: Omit<Project, "files">, nodeModules: string) => string>
> = {
  "package.json": (text, { name, pinned, isOnItsOwn }) => {
    const manifest = JSON.parse(text) as object;
    return `${JSON.stringify({ ...manifest, name, ...(isOnItsOwn ? { packageManager: pinned } : {}) }, null, 2)}\n`;
  },
  // As texts, so that they stay as they were laid out.
  "wasi.json": (text, _, nodeModules) => text.replace('"./node_modules/', () => `"${nodeModules}/`),
  ".cargo/config.toml": (text, _, nodeModules) => text.replace('"node_modules/', () => `"${join(nodeModules)}/`),
};

/** The files of a template, as those of a project whose packages are in a node_modules (relative to it). */
export const adapt = (
  files: Readonly<Record<string, string>>,
  project: Omit<Project, "files">,
  nodeModules: string,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, changes[path]?.(text, project, nodeModules) ?? text]),
  );
