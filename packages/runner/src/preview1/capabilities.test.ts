import { expect, test } from "vitest";
import { capabilities } from "./capabilities.ts";
import { functionNames } from "./function-names.ts";
import { functions } from "./functions.ts";

test("the table of functions has those that are named", () => {
  expect(Object.keys(functions)).toEqual(functionNames);
});

test("each function of WASI is for exactly one thing", () => {
  const listed = Object.values(capabilities).flat();
  expect(listed.toSorted()).toEqual(Object.keys(functions).toSorted());
});
