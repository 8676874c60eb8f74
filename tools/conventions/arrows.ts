import type { Arrows } from "./package-arrows.ts";

/** As ARCHITECTURE.md draws them. */
export const arrows: Arrows = {
  "@wasi-kit/wasi": {},
  "@wasi-kit/wasm": {},
  "@wasi-kit/manifest": {},
  "create-wasi-kit": {},
  "@wasi-kit/runner": { "@wasi-kit/wasi": "at once", "@wasi-kit/wasm": "at once" },
  "@wasi-kit/compiler": {
    "@wasi-kit/manifest": "types only",
    // Its checks of options alone.
    "@wasi-kit/wasi": "at once",
    "@wasi-kit/wasm": "at once",
  },
  "@wasi-kit/vitest": {
    "@wasi-kit/compiler": "late",
    "@wasi-kit/manifest": "at once",
    "@wasi-kit/runner": "at once",
    // As the compiler.
    "@wasi-kit/wasi": "at once",
  },
  "wasi-kit": {
    "@wasi-kit/compiler": "at once",
    "@wasi-kit/manifest": "at once",
    "@wasi-kit/runner": "at once",
    // What records a run, for wasi-kit test alone.
    "@wasi-kit/vitest": "at once",
    "create-wasi-kit": "late",
  },
};
