import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The Go files of a folder that are not tests. */
const goFiles = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"))
        .map((name) => join(folder, name))
    : [];

const someFile = (folder: string, pattern: RegExp): boolean =>
  goFiles(folder).some((path) => pattern.test(readFileSync(path, "utf8")));

/** Whether the package in a folder is one that is built to a module. */
export const isMain = (folder: string): boolean => someFile(folder, /^package main\b/m);

/** Whether a package is a library for a host: a reactor, which exports functions. */
export const isGoLibrary = (folder: string): boolean => someFile(folder, /^\/\/go:wasmexport\b/m);
