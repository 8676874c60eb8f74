import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { contentOf } from "../../record/inputs.ts";
import type { InputRecorder } from "../../record/inputs.ts";
import { foldersUpFrom } from "../../system/folders-up.ts";
import { recordRead } from "../read-files.ts";

/** The part of what `go list` says of a package that names its files. */
interface Package {
  Dir: string;
  Module?: { Path: string; Version?: string; Replace?: { Version?: string } };
  GoFiles?: string[];
  SFiles?: string[];
  EmbedFiles?: string[];
}

/** What `go list` is asked for: the packages that a program is made of. */
export const listArguments: readonly string[] = ["list", "-deps", "-json=Dir,Module,GoFiles,SFiles,EmbedFiles", "."];

/**
 * Writes down what Go read for a module: the files of its packages, except those that change with a version, which are
 * the standard library's and those of other modules.
 *
 * @param folder - the folder of its package main
 * @param listed - what `go list` printed
 * @param startedAt - when Go was started, in milliseconds since 1970
 * @see https://pkg.go.dev/cmd/go#hdr-List_packages_or_modules
 */
export function recordGoInputs(inputs: InputRecorder, folder: string, listed: string, startedAt: number): void {
  // One object after another.
  const packages = JSON.parse(`[${listed.trim().replaceAll(/^}\s*^{/gm, "},{")}]`) as Package[];
  for (const { Dir, Module, GoFiles = [], SFiles = [], EmbedFiles = [] } of packages) {
    const version = Module?.Replace ? Module.Replace.Version : Module?.Version;
    if (!Module || version) continue;
    const files = [...GoFiles, ...SFiles, ...EmbedFiles].map((name) => join(Dir, name));
    for (const path of files) recordRead(inputs, path, startedAt);
    // One that comes beside them belongs to them.
    for (const path of [join(Dir, ".go"), ...EmbedFiles.map((name) => join(Dir, name))]) {
      inputs.folder(dirname(path), readdirSync(dirname(path)), extname(path) || basename(path));
    }
  }
  const above = foldersUpFrom(folder);
  const module = above.findIndex((it) => existsSync(join(it, "go.mod")));
  const settings = [
    ...above.slice(0, module + 1).map((it) => join(it, "go.mod")),
    ...["go.sum", "vendor/modules.txt"].map((name) => join(above[module] ?? folder, name)),
    ...above.flatMap((it) => ["go.work", "go.work.sum"].map((name) => join(it, name))),
  ];
  for (const path of settings) inputs.file(path, contentOf(path));
}
