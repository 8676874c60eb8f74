import * as fc from "fast-check";
import type { Preview1 } from "@wasi-kit/wasi/abi";
import { functions } from "@wasi-kit/wasi/abi";

/** A call as WebAssembly makes it: numbers that need not mean anything. */
export type RawCall = readonly [name: keyof Preview1, ...args: readonly (number | bigint)[]];

/** Texts in the guest's memory, and their addresses. */
export const texts: readonly (readonly [address: number, text: string])[] = [
  "file",
  "dir",
  "dir/sub",
  "out/secret",
  "../outside/secret",
  "way",
  "new",
  "leak",
  "a",
  "dir/..",
  ".",
  "é",
  "\0",
].map((text, i) => [0x1000 + i * 0x40, text]);

// At the guest's structures, at texts, at the edges of its memory of four pages, and beyond.
const address = fc.oneof(
  fc.constantFrom(0, 8, 0x100, 0x108, 0x200, 0x203, 0x8000),
  fc.constantFrom(...texts.map(([start]) => start)),
  fc.constantFrom(0x3ffff, 0x40000, 0x3fff8, 0x7fffffff, -1, -8, -0x80000000),
);
const size = fc.oneof(
  fc.constantFrom(0, 1, 3, 4, 7, 10, 17, 64),
  fc.constantFrom(0xffff, 0x40000, 0x7fffffff, -1, -0x80000000),
);
// 3 is the preopen; the test opens two directories and a file, which are 4 to 6.
const descriptor = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(3, 3, 4, 5, 6) },
  { weight: 4, arbitrary: fc.nat(7) },
  { weight: 1, arbitrary: fc.constantFrom(8, 1000, 0x7fffffff, -1) },
);
const flags = fc.oneof(
  { weight: 6, arbitrary: fc.nat(31) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0x10000, -0x80000000) },
);
// Nothing between: a file of that size would be read, or its blocks taken up.
const large = fc.constantFrom(0n, 1n, 2n, 7n, 100n, -1n, -0x8000000000000000n);
const rightSet = fc.constantFrom(0n, (1n << 28n) - 1n, (1n << 30n) - 1n, 2n, 0x42n, 1n << 30n, -1n);

const byType: Readonly<Record<string, fc.Arbitrary<number | bigint>>> = {
  fd: descriptor,
  size,
  rights: rightSet,
  ...Object.fromEntries(["u64", "i64", "timestamp", "dircookie"].map((type) => [type, large])),
  ...Object.fromEntries(
    [
      "clockid",
      "advice",
      "whence",
      "fdflags",
      "fstflags",
      "lookupflags",
      "oflags",
      "riflags",
      "siflags",
      "sdflags",
      "signal",
    ].map((type) => [type, flags]),
  ),
};

const rawCall = (name: keyof Preview1): fc.Arbitrary<RawCall> => {
  const parameters = functions[name].map(([, type]) => byType[type] ?? address);
  return fc.tuple(fc.constant(name), ...parameters) as unknown as fc.Arbitrary<RawCall>;
};

/** A text and its length, where a path is wanted: else few calls would get further than the path. */
const path = fc.constantFrom(...texts).map(([start, text]) => [start, new TextEncoder().encode(text).length] as const);
const withPath: fc.Arbitrary<RawCall> = fc.oneof(
  ...(Object.keys(functions) as (keyof Preview1)[])
    .filter((name) => name.startsWith("path_"))
    .map((name) =>
      fc.tuple(rawCall(name), path, path).map(([[, ...args], ...paths]): RawCall => {
        const given = [...args];
        const starts = functions[name].flatMap(([, type], i) => (type === "path" ? [i] : []));
        for (const [i, start] of starts.entries()) given.splice(start, 2, ...paths[i]!);
        return [name, ...given];
      }),
    ),
);

// poll_oneoff would sleep, and proc_exit has no result.
const names = (Object.keys(functions) as (keyof Preview1)[]).filter(
  (name) => name !== "poll_oneoff" && name !== "proc_exit",
);

const call = fc.oneof({ weight: 1, arbitrary: withPath }, { weight: 2, arbitrary: fc.oneof(...names.map(rawCall)) });

/** Calls whose arguments are whatever they are. */
export const rawCalls: fc.Arbitrary<RawCall[]> = fc.array(call, { minLength: 1, maxLength: 40, size: "max" });
