import { escape } from "./printable.ts";

/** A place in a source. */
export interface Place {
  /** Relative to the working directory where it lies below it; else as the module's debug information has it. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/** A function of the guest's that was running, or had called the one before it. */
export interface Frame {
  /** What it is called, where the module says so: `"main"`, `"read_file::main"`, `"assembly/index/main"`. */
  name?: string;
  /** Its index in the module, imported functions included. */
  functionIndex: number;
  /** The instruction that it stood at, in bytes from the module's start. */
  offset: number;
  /** The same in its source, where the module has debug information: see `wasi-kit build --debug`. */
  source?: Place;
}

/**
 * A frame as a line: `main (src/main.rs:25:19)`; without a place in a source,
 * `main (wasm-function[3]:0x1f)`. What is not printable is escaped, since names
 * and paths are whatever the module says.
 */
export function formatFrame({ name, functionIndex, offset, source }: Frame): string {
  const index = `wasm-function[${functionIndex}]`;
  if (!source && !name) return `${index}:0x${offset.toString(16)}`;
  const place = source ? `${source.file}:${source.line}:${source.column}` : `${index}:0x${offset.toString(16)}`;
  return escape(`${name ?? index} (${place})`).replaceAll(/[\n\t]/g, " ");
}
