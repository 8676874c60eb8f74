import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { modulesIn } from "./suite.ts";
import type { Suite, SuiteTest } from "./suite.ts";

/**
 * Reads a checkout of caspervonb/wasi-test-suite. What belongs to a test is
 * beside it, under its name: `.arg`, `.env`, `.stdin`, `.stdout`, `.stderr`,
 * `.status`, and `.dir`, a directory that it finds by its name.
 */
export function readCaspervonb(checkout: string): Suite {
  const modules = ["core", "libc", "libstd"].flatMap((group) =>
    modulesIn(join(checkout, group)).map((module) => readTest(module, group)),
  );
  return { name: "caspervonb/wasi-test-suite", tests: modules, published: {} };
}

function readTest(module: string, group: string): SuiteTest {
  const name = basename(module, ".wasm");
  const beside = (extension: string): string => module.replace(/\.wasm$/, `.${extension}`);
  const read = (extension: string): string | undefined =>
    existsSync(beside(extension)) ? readFileSync(beside(extension), "utf8") : undefined;
  const lines = (extension: string): string[] => (read(extension) ?? "").split("\n").filter((line) => line !== "");
  const [stdout, stderr] = [read("stdout"), read("stderr")];
  return {
    group,
    name,
    module,
    args: lines("arg"),
    env: Object.fromEntries(
      lines("env").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    ),
    stdin: read("stdin") ?? "",
    directories: existsSync(beside("dir")) ? { [`${name}.dir`]: beside("dir") } : {},
    exitCode: Number(read("status") ?? 0),
    ...(stdout !== undefined && { stdout }),
    ...(stderr !== undefined && { stderr }),
  };
}
