import type { ProblemPattern } from "./language.ts";

/** `src/main.c:2:11: error: expected ';'`, as most compilers have it. */
export const placeFirst: readonly ProblemPattern[] = [
  {
    regexp: "^(?!wasi-kit: )(.+?):(\\d+):(\\d+): (?:fatal )?(error|warning): (.*)$",
    file: 1,
    line: 2,
    column: 3,
    severity: 4,
    message: 5,
  },
];
