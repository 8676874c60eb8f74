import { expect, test } from "vitest";
import { capabilities, functionNames, functions } from "../../src/abi/index.ts";

test("the table of functions has those that are named", () => {
  expect(Object.keys(functions)).toEqual(functionNames);
});

test("each function of WASI is for exactly one thing", () => {
  const listed = Object.values(capabilities).flat();
  expect(listed.toSorted()).toEqual(Object.keys(functions).toSorted());
});
