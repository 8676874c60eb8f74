import { expect, test } from "vitest";
import { capabilities } from "./capabilities.ts";
import { functions } from "./functions.ts";

test("each function of WASI is for exactly one thing", () => {
  const listed = Object.values(capabilities).flat();
  expect(listed.toSorted()).toEqual(Object.keys(functions).toSorted());
});
