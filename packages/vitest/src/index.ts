export { testProgram } from "./test-program.ts";
export type { TestOptions } from "./test-options.ts";
export { testParity } from "./test-parity.ts";
