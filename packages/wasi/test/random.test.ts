import { expect, test } from "vitest";
import { seededRandom } from "../src/random.ts";

const bytes = (seed: number, ...sizes: number[]): string => {
  const random = seededRandom(seed);
  return sizes
    .map((size) => {
      const target = Buffer.alloc(size);
      random(target);
      return target.toString("hex");
    })
    .join("");
};

test("the same bytes in every version, however they are divided into calls", () => {
  // Recorded: who has a snapshot of a run with this seed keeps it.
  expect(bytes(42, 24)).toMatchInlineSnapshot(`"3d945d27b4aab9d94e30a104211041369c97ee8865e2aae1"`);
  expect(bytes(2 ** 40 + 7, 16)).toMatchInlineSnapshot(`"44ee127d5161b4f72316cdeab97a3209"`);
  expect(bytes(42, 1, 2, 3, 0, 10, 8)).toBe(bytes(42, 24));
});

test("seeds that are near each other have nothing in common", () => {
  const seeds = [0, 1, 2, -1, 2 ** 32, 2 ** 33, 2 ** 53 - 1];
  expect(new Set(seeds.map((seed) => bytes(seed, 4))).size).toBe(seeds.length);
  expect(bytes(0, 32)).not.toBe("00".repeat(32));
});

test("all bytes come up, about as often as each other", () => {
  const counts = Array.from({ length: 256 }, () => 0);
  for (const byte of Buffer.from(bytes(1, 30_000), "hex")) counts[byte]!++;
  // 117 of each on average, with a deviation of 11.
  expect(Math.min(...counts)).toBeGreaterThan(60);
  expect(Math.max(...counts)).toBeLessThan(180);
});
