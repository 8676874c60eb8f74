/**
 * What a WebAssembly module is, from its bytes alone: nothing is run or
 * compiled. The format itself is in `@wasi-kit/wasm/binary`, and locations in
 * sources are in `@wasi-kit/wasm/debug`. All of it runs in browsers as well; what
 * needs the files of Node.js is in `@wasi-kit/wasm/node`.
 *
 * @module
 */
export { functionImports } from "./inspect/function-imports.ts";
export type { FunctionImport } from "./inspect/function-imports.ts";
export { inspectBinary } from "./inspect/inspect-binary.ts";
export type * from "./inspect/inspection.ts";
export { readGcTypes } from "./inspect/types.ts";
export { parseSignature } from "./inspect/signature.ts";
export type { Signature } from "./inspect/signature.ts";
