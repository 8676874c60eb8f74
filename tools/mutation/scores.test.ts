import { expect, test } from "vitest";
import { readScores, scoreOf, writeScores } from "./scores.ts";

test("a mutant counts as noticed if a test fails or does not end", () => {
  const statuses = ["Killed", "Timeout", "RuntimeError", "Survived", "NoCoverage", "CompileError", "Ignored"] as const;
  expect(scoreOf(statuses.map((status) => ({ status })))).toEqual({ mutants: 5, noticed: 3 });
});

test("a page keeps its text, and the scores of what was not run", () => {
  const page = "# Title\n\n| area | mutants | noticed | score |\n| --- | ---: | ---: | ---: |\n\nText\n";
  const first = writeScores(page, { "wasi/fs": { mutants: 200, noticed: 181 } });
  expect(first).toContain("| `wasi/fs` | 200 | 181 | 90.5 % |\n\nText\n");
  expect(readScores(first)).toEqual({ "wasi/fs": { mutants: 200, noticed: 181 } });
  const second = writeScores(first, { ...readScores(first), wasi: { mutants: 3, noticed: 3 } });
  expect(readScores(second)).toEqual({ wasi: { mutants: 3, noticed: 3 }, "wasi/fs": { mutants: 200, noticed: 181 } });
  // As the formatter lays it out.
  expect(readScores(first.replace("| `wasi/fs` | 200 |", "| `wasi/fs`  |     200 |"))).toEqual(readScores(first));
});
