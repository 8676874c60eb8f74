import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createPackageFromTarballData } from "@arethetypeswrong/core";

/** Finds at once what would be found slowly by a newcomer. */
export function checkTarball(path: string): void {
  const tarball = createPackageFromTarballData(readFileSync(path));
  const manifest = tarball.readFile(`/node_modules/${tarball.packageName}/package.json`);
  const {
    bin = {},
    exports = {},
    dependencies = {},
    peerDependencies = {},
  } = JSON.parse(manifest) as {
    bin?: string | Record<string, string>;
    exports?: Record<string, string | Record<string, string>>;
    dependencies?: Record<string, string>;
    peerDependencies?: Record<string, string>;
  };
  const unknown = Object.entries({ ...dependencies, ...peerDependencies }).filter(([, it]) => /^[a-z]+:/.test(it));
  if (unknown.length > 0) throw new Error(`${path} depends on ${unknown.map((it) => it.join("@")).join(", ")}.`);
  const named = [bin, ...Object.values(exports)].flatMap((it) => (typeof it === "string" ? it : Object.values(it)));
  for (const file of named) {
    if (tarball.fileExists(join(`/node_modules/${tarball.packageName}`, file))) continue;
    throw new Error(`${path} has no ${file}, which its package.json names. Is it missing from \`files\`?`);
  }
}
