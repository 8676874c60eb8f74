export { testExample } from "./test-example.ts";
export type { TestOptions } from "./test-example.ts";
export { testParity } from "./test-parity.ts";
