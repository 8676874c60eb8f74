import type { Frame } from "@wasi-kit/wasm/debug";
import { escapeUnprintable } from "../text/printable.ts";

/**
 * Formats a frame as a line: `main (src/main.rs:25:19)`, or, without a location in
 * a source, `main (wasm-function[3]:0x1f)`. Unprintable characters are escaped:
 * names and paths come from the module, and can't be trusted.
 */
export function formatFrame({ name, functionIndex, offset, source }: Frame): string {
  const index = `wasm-function[${functionIndex}]`;
  if (!source && !name) return `${index}:0x${offset.toString(16)}`;
  const place = source ? `${source.file}:${source.line}:${source.column}` : `${index}:0x${offset.toString(16)}`;
  return escapeUnprintable(`${name ?? index} (${place})`).replaceAll(/[\n\t]/g, " ");
}
