/**
 * Features of WebAssembly that wabt reads if they are enabled. A Node.js that
 * does not have one of them says so when the module is run.
 *
 * Not typed function references and garbage collection: wabt has them as they
 * were drafted, and would read what they have become as something else.
 *
 * @see https://webassembly.org/features/
 */
export const features = {
  exceptions: true,
  threads: true,
  tail_call: true,
  code_metadata: true,
  memory64: true,
  multi_memory: true,
  extended_const: true,
  relaxed_simd: true,
} as const;
