import { expect, test } from "vitest";
import { folderWith } from "../../../manifest/test/helpers/folder.ts";
import { withCode } from "./with-code.ts";

test.each<[what: string, said: string, shown: string]>([
  [
    "a place with a column",
    "# hello\n./main.go:2:6: undefined: x",
    "# hello\n./main.go:2:6: undefined: x\n  2 | \tfoo(x)\n    | \t    ^",
  ],
  ["a place without", "main.go:1: wrong\nmore", "main.go:1: wrong\n  1 | one\nmore"],
  ["an empty line", "main.go:3:1: wrong", "main.go:3:1: wrong"],
  ["a line that is not there", "main.go:30:1: wrong", "main.go:30:1: wrong"],
  ["a file that is not there", "other.go:1:1: wrong", "other.go:1:1: wrong"],
  ["no place", "go: no such tool: 1:1: x\n", "go: no such tool: 1:1: x\n"],
])("%s", async (_, said, shown) => {
  const dir = await folderWith({ "main.go": "one\n\tfoo(x)\n\n" });
  expect(withCode(said, dir)).toBe(shown);
});
