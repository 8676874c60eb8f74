import { expect, test } from "vitest";
import { refuseWith } from "./refuse.ts";

const refusal = (values: Record<string, string | boolean>, allowed: string[] = [], rest?: string[]): string => {
  try {
    refuseWith("all", { values, rest }, allowed);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

test("what is not listed is refused, in the order of the alphabet, and then what follows the dashes", () => {
  expect(refusal({ all: true, trace: true, dir: "x" }, [], ["a"])).toBe(
    "--dir, --trace, -- can't be combined with --all.",
  );
});

test("the option itself, what is listed and what every command has may be given", () => {
  expect(refusal({ all: true, json: true, color: "always", help: true }, ["json"])).toBe("");
});
