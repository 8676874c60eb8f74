import { expect, test } from "vitest";
import { checkProse } from "./check-prose.ts";
import { commentsOf } from "./comments.ts";

test("a document may not say what is in the list, and code may", async () => {
  const text = "# What came of a run\n\nIt is made anew. `made anew`\n\n```text\nmade anew\n```\n";
  await expect(checkProse([{ path: "a.md", kind: "markdown", text }])).resolves.toEqual([
    expect.stringMatching(/^a\.md:1:3: .*the result/),
    expect.stringMatching(/^a\.md:3:12: .*again/),
  ]);
});

test.each([
  ["Fails where there is one.", 1],
  ["Where memory grows, they are empty.", 1],
  ["0 where there are none left", 1],
  ["where to put the count", 0],
  ["Where is a link resolved?", 0],
  ["It says where they are.", 0],
  ["NAME stands for a name, and a clock may stand still.", 0],
  ["the buffers stand at address 0", 1],
])("%s", async (text, count) => {
  await expect(checkProse([{ path: "a.txt", kind: "text", text }])).resolves.toHaveLength(count);
});

test("comments are checked at their places, and code is not", async () => {
  const text = 'let told = "is told"; // it is told\n';
  await expect(checkProse([{ path: "a.rs", kind: "comments", text }])).resolves.toEqual([
    expect.stringMatching(/^a\.rs:1:29: /),
  ]);
});

test("a phrase that is wrapped in a comment is found at the comment's first line", async () => {
  const text = "code();\n/**\n * Says what it is\n * told.\n *\n * @param it - is\n * @returns told\n */\n";
  await expect(checkProse([{ path: "a.ts", kind: "comments", text }])).resolves.toEqual([
    expect.stringMatching(/^a\.ts:3:\d+: is told/),
  ]);
});

test.each([
  ["(call $f) ;; calls", "             calls"],
  ["/// Doc", "    Doc"],
  [" * in a block", "   in a block"],
  ["int a; /* why */", "          why */"],
  ["code();", ""],
])("the comment of %s", (line, comment) => {
  expect(commentsOf(line).trimEnd()).toBe(comment);
});
