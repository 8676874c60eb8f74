import { expect, test } from "vitest";
import { checkName, refusal, suggestName } from "./package-name.ts";

test.each([
  ["my-app", "my-app"],
  ["My App!", "my-app"],
  ["  spaces  ", "spaces"],
  ["Größe", "gro-e"],
  ["Crème brûlée", "creme-brulee"],
  ["@me/app", "me-app"],
  [".hidden", "hidden"],
  ["_private_", "private"],
  ["日本語", "my-program"],
  ["", "my-program"],
  ["...", "my-program"],
  ["fs", "my-fs"],
  ["node_modules", "my-node_modules"],
  ["x".repeat(300), "x".repeat(200)],
])("for %j, %j is a name that npm takes", (text, name) => {
  expect(suggestName(text)).toBe(name);
  expect(refusal(name)).toBeUndefined();
});

test.each(["my-app", "@me/app", "app.js", "a_b"])("npm takes %s", (name) => {
  expect(() => checkName(name)).not.toThrow();
});

test.each(["My-App", "a b", "@me", "../up", ".app", "favicon.ico", "http", "x".repeat(215)])(
  "npm refuses %s",
  (name) => {
    expect(() => checkName(name)).toThrow(expect.objectContaining({ code: "E_NAME", exitCode: 2 }));
  },
);
