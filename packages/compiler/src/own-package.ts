import { createRequire } from "node:module";
import { dirname } from "node:path";

let folder: string | undefined;

/**
 * This package's folder. It is found by its name: the command line has a part of these sources in its own bundle, and
 * from there the package is a dependency.
 */
export const packageFolder = (): string =>
  (folder ??= dirname(createRequire(import.meta.url).resolve("@wasi-kit/compiler/package.json")));

/** Finds what this package depends on. */
export const requireOfPackage = (): NodeJS.Require => createRequire(`${packageFolder()}/package.json`);
