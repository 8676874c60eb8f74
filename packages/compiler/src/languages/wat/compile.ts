import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import wabt from "wabt";
import { BuildError } from "../../error.ts";
import type { CompileOptions } from "../language.ts";
import { inlineSourceMap } from "../source-map.ts";
import { features } from "./features.ts";
import { mapText } from "./wat-mappings.ts";

/**
 * The name that wabt has for the source. It copies a name without the NUL at its
 * end, and messages then show what follows in memory: so this one has its own NUL.
 */
const name = "source.wat";

/** Assembles the text format with wabt. Names are for the frames of a trap, and kept with `debug` alone. */
export async function compile({ dir, source, module, debug, inputs }: CompileOptions): Promise<Uint8Array> {
  const file = relative(process.cwd(), source);
  const { parseWat } = await wabt();
  try {
    // As bytes with a buffer of their own: of text wabt takes ASCII alone, and of a view the whole buffer.
    const text = new Uint8Array(await readFile(source));
    inputs.file(source, text);
    const parsed = parseWat(`${name}\0`, text, features);
    try {
      parsed.resolveNames();
      // The types of wabt leave the parameter out.
      (parsed as { validate(allowed: typeof features): void }).validate(features);
      if (!debug) return parsed.toBinary({}).buffer;
      const { buffer, log } = parsed.toBinary({ write_debug_names: true, canonicalize_lebs: false, log: true });
      const map = { sources: [relative(dir, source)], mappings: mapText(new TextDecoder().decode(text), log) };
      return Buffer.concat([buffer, inlineSourceMap(map, { dir, module })]);
    } finally {
      parsed.destroy();
    }
  } catch (cause) {
    // "parseWat failed:", then file:line:column, the line and a caret.
    const message = (cause as Error).message
      .replace(/^\w+ failed:\n/, "")
      .replaceAll(`${name}:`, `${file}:`)
      .trimEnd();
    throw new BuildError("E_COMPILE", `wabt can't compile ${file}:\n${message}`, { cause });
  }
}
