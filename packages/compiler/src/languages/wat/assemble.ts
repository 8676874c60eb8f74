import wabt from "wabt";
import { features } from "./features.ts";
import { mapText } from "./wat-mappings.ts";

/** A module that was assembled. */
export interface AssembledModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each instruction is in the text, as a source map has it, if it was asked for. */
  readonly mappings?: string;
}

/**
 * The name that wabt has for the source. It copies a name without the NUL at its
 * end, and messages then show what follows in memory: so this one has its own NUL.
 */
const name = "source.wat";

/**
 * Assembles the text format with wabt, on any host.
 *
 * @param file - how messages call the text
 * @param debug - whether the names of the text and its `mappings` are wanted: they are for the frames of a trap
 * @throws Error with wabt's message: `file:line:column: error: …`, the line and a caret, for each mistake
 */
export async function assemble(text: Uint8Array, file: string, debug: boolean): Promise<AssembledModule> {
  const { parseWat } = await wabt();
  try {
    // As bytes with a buffer of their own: of text wabt takes ASCII alone, and of a view the whole buffer.
    const source = new Uint8Array(text);
    const parsed = parseWat(`${name}\0`, source, features);
    try {
      parsed.resolveNames();
      // The types of wabt leave the parameter out.
      (parsed as { validate(allowed: typeof features): void }).validate(features);
      if (!debug) return { bytes: new Uint8Array(parsed.toBinary({}).buffer) };
      const { buffer, log } = parsed.toBinary({ write_debug_names: true, canonicalize_lebs: false, log: true });
      return { bytes: new Uint8Array(buffer), mappings: mapText(new TextDecoder().decode(source), log) };
    } finally {
      parsed.destroy();
    }
  } catch (cause) {
    // "parseWat failed:", then file:line:column, the line and a caret.
    const message = (cause as Error).message.replace(/^\w+ failed:\n/, "").replaceAll(`${name}:`, `${file}:`);
    throw new Error(message.trimEnd(), { cause });
  }
}
