import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { testProgram } from "@wasi-kit/vitest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLibrary } from "./host.ts";
import type { Library } from "./host.ts";

// One test for each run in wasi.json, compared with __snapshots__/<run>.txt.
await testProgram(import.meta.url);

const module = fileURLToPath(new URL("build/library.wasm", import.meta.url));

// What a host does with the library no run shows: that is tested here. (If its compiler is missing, there is no module,
// and the tests above say so.)
describe.skipIf(!existsSync(module))("called by a host", () => {
  let library: Library;

  beforeAll(async () => {
    library = await openLibrary(module);
  });
  afterAll(() => library.close());

  test.each([
    [40, 2, 42],
    [0.5, -2, -1.5],
    [-1, 1, 0],
  ])("%d + %d = %d", (a, b, expected) => {
    expect(library.add(a, b)).toBe(expected);
  });

  test.each([[[]], [[3.25]], [[1, 2, 3.5]], [[1e300, -1e300, 1]]])("the sum of %j", (numbers: number[]) => {
    expect(library.sum(numbers)).toBe(numbers.reduce((sum, number) => sum + number, 0));
  });

  test("numbers that need more memory than there was", () => {
    const before = library.memoryBytes();
    const numbers = Array.from({ length: 1_000_000 }, (_, i) => i);
    expect(library.sum(numbers)).toBe(499_999_500_000);
    expect(library.memoryBytes()).toBeGreaterThan(before);
  });

  test.each(["Ada", "", "größe 日本語 🦀", "a\0b", "x".repeat(100_000)])("a greeting", (name) => {
    expect(library.greet(name)).toBe(`Hello, ${name}!`);
  });

  // A garbage collector takes its time, and a machine may be busy.
  test("memory that is given back is used again", { timeout: 60_000 }, () => {
    const call = (i: number): void => {
      library.greet("x".repeat(i % 100));
      library.sum(Array.from({ length: i % 100 }, () => 1));
    };
    for (let i = 0; i < 20_000; i++) call(i);
    const before = library.memoryBytes();
    for (let i = 0; i < 20_000; i++) call(i);
    expect(library.memoryBytes()).toBe(before);
  });
});
