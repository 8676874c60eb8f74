import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { modulesIn } from "./suite.ts";
import type { SuiteTest } from "./suite-test.ts";
import type { Suite } from "./suite.ts";
import { readTree } from "./tree.ts";

/**
 * caspervonb/wasi-test-suite. What belongs to a test is beside it, under its
 * name: `.arg`, `.env`, `.stdin`, `.stdout`, `.stderr`, `.status`, and `.dir`,
 * a directory that it finds by its name.
 */
export const caspervonb: Suite = {
  name: "caspervonb/wasi-test-suite",
  source: "From caspervonb/wasi-test-suite, commit eb6a3a89b1aa.",
  folder: "caspervonb",
  fileSystems: ["host", "memory", "copy-on-write", "in Chromium"],
  read: (checkout) =>
    ["core", "libc", "libstd"].flatMap((group) =>
      modulesIn(join(checkout, group)).map((module) => readTest(module, group)),
    ),
};

function readTest(module: string, group: string): SuiteTest {
  const name = basename(module, ".wasm");
  const directory = `${name}.dir`;
  const beside = (extension: string): string => module.replace(/\.wasm$/, `.${extension}`);
  const read = (extension: string): string | undefined =>
    existsSync(beside(extension)) ? readFileSync(beside(extension), "utf8") : undefined;
  const lines = (extension: string): string[] => (read(extension) ?? "").split("\n").filter((line) => line !== "");
  const [stdout, stderr] = [read("stdout"), read("stderr")];
  const hasDirectory = existsSync(beside("dir"));
  return {
    group,
    name,
    module,
    args: lines("arg"),
    env: Object.fromEntries(
      lines("env").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    ),
    stdin: read("stdin") ?? "",
    files: hasDirectory ? { [directory]: readTree(beside("dir")) } : {},
    directories: hasDirectory ? { [directory]: directory } : {},
    exitCode: Number(read("status") ?? 0),
    ...(stdout !== undefined && { stdout }),
    ...(stderr !== undefined && { stderr }),
  };
}
