import { createReader, MalformedError, readSections, sectionIds } from "@wasi-kit/wasm/binary";
import type { SectionRange } from "@wasi-kit/wasm/binary";
import { concatBytes } from "../text/bytes.ts";
import { addExports, functionKind } from "./add-exports.ts";

/** A module without a start section. */
export interface DeferredStart {
  bytes: Uint8Array;
  /** The name under which its start function is exported. Absent if it had none. */
  startExport?: string;
}

/**
 * Exports the function that a module's start section names, in place of that section, so that it can be called once
 * the module is instantiated. The engine calls a start function while it instantiates the module, and exports the
 * memory only afterwards: WASI could neither read what such a function writes, nor fill in what it reads.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html#start-section
 */
export function deferStart(module: Uint8Array): DeferredStart {
  try {
    const start = startSection(module);
    if (!start) return { bytes: module };
    const index = createReader(module, start.content, start.end).u32();
    const { bytes, names } = addExports(module, [{ name: "wasi-kit.start", kind: functionKind, index }]);
    // It comes after the exports, so it has moved.
    const moved = startSection(bytes) as SectionRange;
    return {
      bytes: concatBytes([bytes.subarray(0, moved.start), bytes.subarray(moved.end)]),
      startExport: names[0] as string,
    };
  } catch (error) {
    // The engine says what is wrong with it.
    if (!(error instanceof MalformedError)) throw error;
    return { bytes: module };
  }
}

const startSection = (module: Uint8Array): SectionRange | undefined =>
  [...readSections(module)].find(({ id }) => id === sectionIds.start);
