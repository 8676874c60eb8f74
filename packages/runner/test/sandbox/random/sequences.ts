import * as fc from "fast-check";
import type { Call, GuestPath } from "../guest-calls.ts";
import type { FixtureFiles } from "../fixture-tree.ts";

/** What is in the preopen `/root`, with links that the host left. `dir` is the preopen `/dir` as well. */
export const startingTree: FixtureFiles = {
  file: "inside",
  "empty/": "",
  "dir/": "",
  "dir/file": "inside dir",
  "dir/sub/": "",
  "dir/sub/file": "inside sub",
  out: "-> ../outside",
  up: "-> ..",
  back: "-> ../root",
  "dir/up": "-> ..",
  "dir/top": "-> ../..",
  "dir/sub/out": "-> ../../outside",
  way: "-> dir/sub",
  leak: "-> ../outside/secret",
  new: "-> ../outside/new",
  loop: "-> loop",
  abs: "-> {fixture}/outside",
};

/** Guest paths of the preopens, with their place in {@link startingTree}. */
export const startingPreopens: Readonly<Record<string, string>> = { "/root": "", "/dir": "dir" };

/** What is open when a sequence begins; the calls of it go on with these names. */
export const opening: readonly Call[] = [
  ["open", "dir", "directory", "d"],
  ["open", "dir/sub", "directory", "e"],
  ["open", "file", "write", "f"],
];

const descriptors = opening.map(([, , , name]) => name as string);

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const component = fc.oneof(
  { weight: 9, arbitrary: oneOf("file", "dir", "sub", "empty", "a", "dir", "sub") },
  { weight: 4, arbitrary: oneOf("..", "..", ".") },
  { weight: 4, arbitrary: oneOf("out", "up", "back", "top", "way", "leak", "new", "loop", "abs") },
  { weight: 2, arbitrary: oneOf("outside", "root", "root-twin", "secret", "", "a b", "é") },
);

// Most paths are short: a long one seldom leads anywhere.
const names = fc.oneof(
  ...[8, 5, 2, 1].map((weight, i) => ({
    weight,
    arbitrary: fc.array(component, { minLength: i + 1, maxLength: i + 1 }),
  })),
);

const path = fc
  .tuple(names, fc.nat(40))
  .map(([it, rare]) => `${rare === 1 ? "/" : ""}${it.join("/")}${rare > 34 ? "/" : ""}`);

const place: fc.Arbitrary<GuestPath> = fc.oneof(
  { weight: 3, arbitrary: path },
  { weight: 2, arbitrary: fc.tuple(oneOf("d", "d", "e", "f", "/dir"), path) },
);

const follow = oneOf("", "follow");

const openFlags = fc
  .subarray(["follow", "creat", "directory", "excl", "trunc", "append", "write"])
  .filter((flags) => flags.length < 5)
  .map((flags) => flags.join(" "));

const opened = oneOf(...descriptors);
const anyOpened = fc.oneof({ weight: 12, arbitrary: opened }, { weight: 1, arbitrary: oneOf("/root", "/dir") });

const call: fc.Arbitrary<Call> = fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Call> }[]>(
  { weight: 6, arbitrary: fc.tuple(oneOf("open" as const), place, openFlags, opened) },
  {
    weight: 4,
    arbitrary: fc.tuple(oneOf("open" as const), place, oneOf("directory", "follow", "directory follow"), opened),
  },
  { weight: 7, arbitrary: fc.tuple(oneOf("rename" as const), place, place) },
  { weight: 5, arbitrary: fc.tuple(oneOf("symlink" as const), path, place) },
  { weight: 3, arbitrary: fc.tuple(oneOf("mkdir" as const, "rmdir" as const), place) },
  { weight: 3, arbitrary: fc.tuple(oneOf("unlink" as const, "readlink" as const), place) },
  { weight: 3, arbitrary: fc.tuple(oneOf("stat" as const, "times" as const), place, follow) },
  { weight: 2, arbitrary: fc.tuple(oneOf("link" as const), place, place, follow) },
  {
    weight: 3,
    arbitrary: fc.tuple(oneOf("read" as const, "readdir" as const, "fstat" as const, "ftimes" as const), anyOpened),
  },
  { weight: 1, arbitrary: fc.tuple(oneOf("close" as const), anyOpened) },
  { weight: 1, arbitrary: fc.tuple(oneOf("renumber" as const), anyOpened, anyOpened) },
  { weight: 1, arbitrary: fc.tuple(oneOf("write" as const), opened, oneOf("x", "hello")) },
  { weight: 1, arbitrary: fc.tuple(oneOf("truncate" as const), opened, fc.nat(9)) },
);

/** What a guest might do: some calls, one after the other. */
export const sequences: fc.Arbitrary<Call[]> = fc.array(call, { minLength: 1, maxLength: 12, size: "max" });
