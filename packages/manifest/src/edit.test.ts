import { expect, test } from "vitest";
import { withoutPart, withReadOnly } from "./edit.ts";

const runs = (run: string): string => `{ "runs": { "a": ${run}, "b": {} } }`;
const preopens = (preopen: string): string => runs(`{ "preopens": { "/a": ${preopen}, "/b": "y" } }`);

test.each<[what: string, run: string, place: string[], left: string]>([
  ["the first of two", '{ "env": { "A": "1", "B": "2" } }', ["env", "A"], '{ "env": { "B": "2" } }'],
  ["the last of two", '{ "env": { "A": "1", "B": "2" } }', ["env", "B"], '{ "env": { "A": "1" } }'],
  ["the middle", '{ "env": {"A":"1","B":"2","C":"3"} }', ["env", "B"], '{ "env": {"A":"1","C":"3"} }'],
  ["the only one, with what held it", '{ "env": { "A": "1" }, "stdin": "x" }', ["env", "A"], '{ "stdin": "x" }'],
  ["the only one of a run", '{ "env": { "A": "1" } }', ["env", "A"], "{}"],
  ["a key", '{ "args": ["x", "y"], "stdin": "x" }', ["args"], '{ "stdin": "x" }'],
  ["the first entry of a list", '{ "inheritEnv": ["A", "B"] }', ["inheritEnv", "A"], '{ "inheritEnv": ["B"] }'],
  ["the last entry of a list", '{ "inheritEnv": ["A", "B"] }', ["inheritEnv", "B"], '{ "inheritEnv": ["A"] }'],
  ["the only entry of a list", '{ "inheritEnv": ["A"], "stdin": "" }', ["inheritEnv", "A"], '{ "stdin": "" }'],
  [
    "a line of many",
    '{\r\n\t"preopens": {\r\n\t\t"/a":  "x",\r\n\t\t"/b": "y"\r\n\t}\r\n}',
    ["preopens", "/a"],
    '{\r\n\t"preopens": {\r\n\t\t"/b": "y"\r\n\t}\r\n}',
  ],
  [
    "the last line of many",
    '{\n  "stdin": "x",\n  "env": {\n    "A": "}"\n  }\n}',
    ["env", "A"],
    '{\n  "stdin": "x"\n}',
  ],
  ["a name that is escaped", '{ "env": { "\\u0041": "1", "B": "2" } }', ["env", "A"], '{ "env": { "B": "2" } }'],
  ["the one that counts of two", '{ "env": { "A": "1", "A": "2" } }', ["env", "A"], '{ "env": { "A": "1" } }'],
])("%s is taken away, and nothing else changes", (_, run, place, left) => {
  expect(withoutPart(runs(run), ["runs", "a", ...place])).toBe(runs(left));
});

test.each([["env", "B"], ["preopens", "/a"], ["stdin"], ["env", "A", "1"]])(
  "where there is nothing, nothing is taken away: %s %s",
  (...place) => {
    const text = runs('{ "env": { "A": "1" } }');
    expect(withoutPart(text, ["runs", "a", ...place])).toBeUndefined();
    expect(withReadOnly(text, ["runs", "a", "preopens", "/a"])).toBeUndefined();
  },
);

test("a byte order mark stays", () => {
  expect(withoutPart('\uFEFF{ "runs": { "a": { "stdin": "x" } } }', ["runs", "a", "stdin"])).toBe(
    '\uFEFF{ "runs": { "a": {} } }',
  );
});

test.each([
  ['"x"', '{ "path": "x", "access": "read-only" }'],
  ['"\\u0078"', '{ "path": "\\u0078", "access": "read-only" }'],
  ['{ "path": "x" }', '{ "path": "x", "access": "read-only" }'],
  ['{\n  "access": "read-write",\n  "path": "x"\n}', '{\n  "access": "read-only",\n  "path": "x"\n}'],
])("the preopen %s is made read-only", (preopen, readOnly) => {
  expect(withReadOnly(preopens(preopen), ["runs", "a", "preopens", "/a"])).toBe(preopens(readOnly));
});
