import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * Modules that others made, as their packages have them:
 *
 * - source-map (Mozilla's): a plain module in Rust, with a producers section;
 * - quickjs-wasi (Vercel's): a reactor for preview 1 in C, with imports of its own besides.
 */
export const outside = {
  "source-map": readFileSync(require.resolve("source-map/lib/mappings.wasm")),
  "quickjs-wasi": readFileSync(require.resolve("quickjs-wasi/quickjs.wasm")),
} as const satisfies Readonly<Record<string, Uint8Array>>;
