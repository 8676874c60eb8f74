import { readFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { BuildError } from "../../error.ts";
import { runChild } from "../../system/child-process.ts";
import { scratchFile, scratchOf, temporaryFolder, withScratch } from "../../system/scratch.ts";
import { isAtLeast } from "../../toolchain/version.ts";
import { compilerFailure } from "../compiler-failure.ts";
import type { Advice } from "../compiler-failure.ts";
import type { CompileOptions } from "../language.ts";
import { withCode } from "../with-code.ts";
import { ensureGo, goInstallCommand } from "./ensure-go.ts";
import { oldestForLibraries } from "./find-go.ts";
import { listArguments, recordGoInputs } from "./go-inputs.ts";
import { isGoLibrary } from "./package.ts";

/** What is built is the same wherever it is built, and small: without paths of this machine, symbols and DWARF. */
const small = ["-trimpath", "-ldflags=-s -w"];

/** What to do about what Go says. */
const advice: Advice = [
  [/cannot find main module|go\.mod file not found/, "Begin a module in the folder of wasi.json: go mod init NAME"],
  [
    /is not in std/,
    "A package of your own is imported by its module's path: example.com/hello/name, as go.mod has it.",
  ],
  [
    /function main is undeclared/,
    "A program needs func main. A library needs it as well, empty, and a //go:wasmexport before each export.",
  ],
  [/build constraints exclude all Go files/, "That package is not for WASI: choose another one."],
];

/** Builds a package main with Go. */
export async function compile({
  dir,
  source,
  module,
  debug,
  inputs,
  log,
  signal,
}: CompileOptions): Promise<Uint8Array> {
  const { go, version } = await ensureGo({ dir, log });
  const folder = dirname(source);
  const isReactor = isGoLibrary(folder);
  if (isReactor && !isAtLeast(version, oldestForLibraries)) {
    throw new BuildError(
      "E_TOOLCHAIN",
      `${relative(process.cwd(), source)} is a library (go:wasmexport), and Go ${version} builds none: it takes Go ${oldestForLibraries}.\nTo install it: ${goInstallCommand}`,
    );
  }
  const run = async (args: readonly string[]): ReturnType<typeof runChild> =>
    runChild(go, args, {
      cwd: folder,
      env: { ...process.env, GOOS: "wasip1", GOARCH: "wasm" },
      signal,
      temporary: await temporaryFolder(),
      scratch: scratchOf(module),
    });
  const built = scratchFile(module, "wasm");
  const startedAt = Date.now();
  return withScratch(module, async () => {
    const { exitCode, stderr } = await run([
      "build",
      "-buildvcs=false",
      ...(isReactor ? ["-buildmode=c-shared"] : []),
      ...(debug ? [] : small),
      "-o",
      built,
      ".",
    ]);
    const said = stderr.trim();
    if (exitCode !== 0) {
      const headline = `go can't build ${relative(process.cwd(), source)}`;
      throw compilerFailure(headline, said, advice, { shown: withCode(said, folder) });
    }
    if (said) log(said);
    const listed = await run(listArguments);
    recordGoInputs(inputs, folder, listed.stdout, startedAt);
    return await readFile(built);
  });
}
