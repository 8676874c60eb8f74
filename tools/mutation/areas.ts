/** Some sources, and the tests that have to notice when one of them is changed. Globs, from the repository's root. */
export interface Area {
  readonly name: string;
  readonly sources: readonly string[];
  readonly tests: readonly string[];
}

/**
 * What is mutated: each area is a run of its own, so that a change costs only
 * the run of its area. Tests that take seconds each are left out
 * (`scale`, `random-operations`): a mutant would wait for them.
 */
export const areas: readonly Area[] = [
  {
    name: "wasi/abi",
    sources: ["packages/wasi/src/abi/*.ts"],
    tests: ["packages/wasi/test/abi/*.test.ts"],
  },
  {
    name: "wasi",
    sources: ["packages/wasi/src/*.ts"],
    tests: ["packages/wasi/test/*.test.ts", "packages/wasi/test/preview1/*.test.ts"],
  },
  {
    name: "wasi/preview1",
    sources: ["packages/wasi/src/preview1/*.ts"],
    tests: ["packages/wasi/test/preview1/*.test.ts", "packages/wasi/test/wasi.test.ts"],
  },
  {
    name: "wasi/fs",
    sources: ["packages/wasi/src/fs/*.ts"],
    tests: ["packages/wasi/test/fs/!(scale|random-operations)*.test.ts"],
  },
  {
    name: "wasi/node",
    sources: ["packages/wasi/src/node/**/*.ts"],
    tests: ["packages/wasi/test/node/*.test.ts", "packages/wasi/test/fs/file-system.slow.test.ts"],
  },
  {
    name: "runner/limits",
    // The tests of `interrupt-loops.ts` start processes, with what is built.
    sources: ["packages/runner/src/limits/!(interrupt-loops).ts", "packages/runner/src/stdio/capture.ts"],
    tests: ["packages/runner/test/limits/!(interrupt-loops)*.test.ts", "packages/runner/test/stdio/*.test.ts"],
  },
];
