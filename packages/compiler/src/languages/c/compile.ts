import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, extname, join, relative, resolve, sep } from "node:path";
import { contentOf } from "../../record/inputs.ts";
import { runChild } from "../../system/child-process.ts";
import { inParallel } from "../../system/in-parallel.ts";
import { scratchFile, scratchOf, withScratch } from "../../system/scratch.ts";
import { compilerFailure } from "../compiler-failure.ts";
import type { CompileOptions } from "../language.ts";
import { readDepfile, recordRead } from "../read-files.ts";
import { cAdvice } from "./advice.ts";
import { ensureC } from "./ensure-c.ts";
import { flagsFile, readFlags } from "./flags.ts";

const sourceEndings = [".c", ".cc", ".cpp", ".cxx"];
const isSource = (path: string): boolean => sourceEndings.includes(extname(path));
const isCxx = (path: string): boolean => isSource(path) && extname(path) !== ".c";

/** A source, relative to the program's folder, and what the compiler makes of it. */
interface Unit {
  path: string;
  object: string;
  depfile: string;
}

/** Compiles a source and those beside it with clang, or with Zig's clang, and links them. */
export async function compile({
  dir,
  source,
  module,
  debug,
  inputs,
  log,
  signal,
}: CompileOptions): Promise<Uint8Array> {
  const toolchain = await ensureC({ dir, log });
  const folder = dirname(source);
  const names = readdirSync(folder);
  for (const ending of sourceEndings) inputs.folder(folder, names, ending);
  for (const path of [flagsFile(dir), ...toolchain.linked]) inputs.file(path, contentOf(path));
  const units = names.filter(isSource).map((name, i): Unit => ({
    path: relative(dir, join(folder, name)),
    object: scratchFile(module, `${i}.o`),
    depfile: scratchFile(module, `${i}.d`),
  }));
  /** Runs the compiler. What it prints names a source where the compiler had what it had made of that. */
  const run = async (isOfCxx: boolean, args: readonly string[]): Promise<{ failed: boolean; text: string }> => {
    const [command = "", ...first] = isOfCxx ? toolchain.cxx : toolchain.c;
    const all = [...first, ...usualFlags(isOfCxx), ...readFlags(dir), "-Qunused-arguments", ...args];
    const { exitCode, output } = await runChild(command, all, { cwd: dir, signal, scratch: scratchOf(module) });
    const text = units.reduce((sum, { object, path }) => sum.replaceAll(object, path), output).trim();
    return { failed: exitCode !== 0, text };
  };

  const startedAt = Date.now();
  const failures: string[] = [];
  const end = ({ failed, text }: { failed: boolean; text: string }): void => {
    if (failed) failures.push(text);
    else if (text) log(text);
  };
  return withScratch(module, async () => {
    await inParallel(units, availableParallelism(), async ({ path, object, depfile }) => {
      const made = ["-o", object, "-MD", "-MF", depfile];
      end(await run(isCxx(path), ["-c", path, ...made, ...(debug ? ["-g"] : [])]));
    });
    const linked = scratchFile(module, "wasm");
    if (failures.length === 0) {
      const objects = units.map(({ object }) => object);
      end(
        await run(
          units.some(({ path }) => isCxx(path)),
          [...objects, "-o", linked, ...(debug ? [] : ["-s"])],
        ),
      );
    }
    if (failures.length > 0) {
      const headline = `${toolchain.name} can't compile ${relative(process.cwd(), source)}`;
      throw compilerFailure(headline, failures.join("\n"), cAdvice(toolchain));
    }
    const read = units.flatMap(({ depfile }) => readDepfile(depfile)).map((path) => resolve(dir, path));
    // Its own headers change with its version.
    const own = toolchain.own.map((it) => join(it, sep));
    const others = read.filter((path) => !own.some((it) => path.startsWith(it)));
    for (const path of new Set(others)) recordRead(inputs, path, startedAt);
    return await readFile(linked);
  });
}

/** The options that the compiler gets before a program's own, which override them since they come later. */
const usualFlags = (isOfCxx: boolean): string[] => ["-Os", ...(isOfCxx ? ["-fno-exceptions"] : [])];
