/**
 * Checks what the linter can't: that no files import each other, which package imports which, and that a name means
 * one thing. It is a part of `pnpm check`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { root } from "../root.ts";
import { checkExportedNames } from "./exported-names.ts";
import type { SharedNames } from "./exported-names.ts";
import { checkImportCircles } from "./import-circles.ts";
import { arrows } from "./arrows.ts";
import { checkPackageArrows } from "./package-arrows.ts";
import type { SourcePackage } from "./package-arrows.ts";
import { parseSource } from "./source-file.ts";
import type { SourceFile } from "./source-file.ts";

const sharedNames: SharedNames = {
  command: "each command of packages/cli/src/commands is exported under this name",
  compile: "each language of packages/compiler/src/languages has this function",
  copyOnWrite: "the runner's takes a path of the host as well, and is the same otherwise",
  detect: "as compile",
  main: "what the file in a package's bin calls",
};

const everything = globSync(["packages/*/{src,test}/**/*.ts", "tools/**/*.ts"], {
  cwd: root,
  // AssemblyScript has decorators of functions, which are no TypeScript.
  ignore: ["**/{dist,node_modules}/**", "tools/end-to-end/host-functions/assemblyscript/**"],
})
  .toSorted()
  .map((path): SourceFile => parseSource(path, readFileSync(join(root, path), "utf8")));

const packages = globSync("packages/*/package.json", { cwd: root }).map((path): SourcePackage => {
  const folder = path.replace(/\/package\.json$/, "");
  const { name, dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, path), "utf8")) as {
    name: string;
    dependencies?: Record<string, string>;
    peerDependencies?: Record<string, string>;
  };
  return {
    name,
    folder,
    dependencies: Object.keys({ ...dependencies, ...peerDependencies }),
    files: everything.filter((it) => it.path.startsWith(`${folder}/src/`) && !it.path.endsWith(".test.ts")),
  };
});

const problems = [
  ...checkImportCircles(everything),
  ...checkPackageArrows(packages, arrows),
  ...checkExportedNames(
    packages.flatMap(({ files }) => files),
    sharedNames,
  ),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
