import { createRequire } from "node:module";

/** wasi-kit's own version. */
export function version(): string {
  return (createRequire(import.meta.url)("../package.json") as { version: string }).version;
}
