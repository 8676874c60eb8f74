/**
 * The binary format of WebAssembly: numbers, names, sections and limits, to be
 * read and to be written.
 *
 * @module
 * @see https://webassembly.github.io/spec/core/binary/index.html
 */
export { encodeLimits, pageSizeOf, readLimits } from "./limits.ts";
export type { SizeLimits } from "./limits.ts";
export { encodeUnsigned } from "./leb128.ts";
export { MalformedError } from "./malformed-error.ts";
export { isComponent, isWasm } from "./preamble.ts";
export { createReader, readList } from "./reader.ts";
export type { Reader } from "./reader.ts";
export { encodeCustomSection, encodeName, encodeSection, readSections, sectionIds } from "./sections.ts";
export type { SectionRange } from "./sections.ts";
export { startOfCode } from "./start-of-code.ts";
export { readTable } from "./tables.ts";
export type { TableEntry } from "./tables.ts";
export { UnknownFormError } from "./unknown-form-error.ts";
