import type { Imports } from "@wasi-kit/runner";

/** What guests passed to `log`. */
export const logged: string[];

declare const functions: Imports;
export default functions;
