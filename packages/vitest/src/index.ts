export { testProgram } from "./test-program.ts";
export type { TestOptions } from "./test-program.ts";
export { testParity } from "./test-parity.ts";
