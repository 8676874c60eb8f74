import { encode } from "@jridgewell/sourcemap-codec";
import type { SourceMapSegment } from "@jridgewell/sourcemap-codec";
import { readFunctions } from "./wat-instructions.ts";

/**
 * The place of each instruction of a module in its text, as mappings of a source map.
 *
 * wabt does not say so. But it logs what it writes, where, and in which order,
 * and an instruction is written in the order in which it is in the text: so those
 * of a function are paired. If their names are not the same, the whole function
 * gets the place of its beginning.
 *
 * @param log - wabt's, of a module in which the sizes of functions take up the
 * same space as in the log (`canonicalize_lebs: false`)
 */
export function mapText(text: string, log: string): string {
  const written = readFunctions(text);
  const encoded = readLog(log);
  if (written.length !== encoded.length) return "";
  const segments = written.flatMap(({ start, instructions }, i) => {
    const { body, instructions: places } = encoded[i]!;
    const isSame = instructions.length === places.length && instructions.every((it, j) => it.text === places[j]!.name);
    const head: SourceMapSegment = [body, 0, start.line, start.column];
    if (!isSame) return [head];
    return [head, ...instructions.map((it, j): SourceMapSegment => [places[j]!.offset, 0, it.line, it.column])];
  });
  return encode([segments]);
}

/** A function in wabt's log. Offsets are in bytes from the module's start. */
interface EncodedFunction {
  /** Where its content begins, after its size. */
  body: number;
  instructions: { offset: number; name: string }[];
}

/** What is one word in the log, like an instruction, and is part of one. */
const parts = new Set("i32 i64 f32 f64 v128 funcref externref exnref void alignment".split(" "));

/** How many bytes the size of a function takes up if it is not shortened. */
const sizeOfSize = 5;

/** Lines such as `0000080: 45      ; i32.eqz`, after `; function body 0` and `000007a: …  ; func body size (guess)`. */
function readLog(log: string): EncodedFunction[] {
  const functions: EncodedFunction[] = [];
  let current: EncodedFunction | undefined;
  let prefix: number | undefined;
  for (const [, hex = "", what = ""] of log.matchAll(/^([\da-f]{7,}): .*; (.*)$/gm)) {
    const offset = parseInt(hex, 16);
    if (what === "func body size (guess)") functions.push((current = { body: offset + sizeOfSize, instructions: [] }));
    else if (what === "FIXUP func body size") current = undefined;
    else if (what === "prefix") prefix = offset;
    else if (/^[a-z][\w.]*$/.test(what) && !parts.has(what)) {
      current?.instructions.push({ offset: prefix ?? offset, name: what });
      prefix = undefined;
    }
  }
  return functions;
}
