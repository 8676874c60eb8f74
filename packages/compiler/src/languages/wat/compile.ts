import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { compilerFailure } from "../compiler-failure.ts";
import type { Advice } from "../compiler-failure.ts";
import type { CompileOptions } from "../language.ts";
import { rootOfSources } from "../root-of-sources.ts";
import { inlineSourceMap } from "../source-map.ts";
import { assemble } from "./assemble.ts";

/** What to do about what wabt says. */
const advice: Advice = [
  [
    /undefined \w+ variable "(\$[^"]+)"/,
    (missing) => `Define ${missing}, or import it: (import "MODULE" "NAME" (…)), before all that the module defines.`,
  ],
];

/** Assembles the text format. Names are for the frames of a trap, and kept with `debug` alone. */
export async function compile({ dir, source, module, debug, inputs }: CompileOptions): Promise<Uint8Array> {
  const file = relative(process.cwd(), source);
  try {
    const text = await readFile(source);
    inputs.file(source, text);
    const { bytes, mappings } = await assemble(text, file, debug);
    if (mappings === undefined) return bytes;
    const map = { sources: [relative(dir, source)], mappings, sourceRoot: rootOfSources({ dir, module }) };
    return Buffer.concat([bytes, inlineSourceMap(map)]);
  } catch (cause) {
    throw compilerFailure(`wabt can't compile ${file}`, (cause as Error).message, advice, { cause });
  }
}
