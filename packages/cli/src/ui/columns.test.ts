import { styleText } from "node:util";
import { expect, test } from "vitest";
import { columns } from "./columns.ts";

test("columns are as wide as their widest cell, and no line ends with spaces", () => {
  expect(
    columns([
      ["name", "runs", ""],
      ["read-file", "2", "reads"],
    ]),
  ).toEqual(["name       runs", "read-file  2     reads"]);
});

test("numbers stand at the right of their columns, and the last column does not", () => {
  expect(
    columns(
      [
        ["ms", "calls", "function"],
        ["0.125", "1000", "fd_read"],
      ],
      "right",
    ),
  ).toEqual(["   ms  calls  function", "0.125   1000  fd_read"]);
});

test("colours take up no space, and wide characters take up two", () => {
  const red = styleText("red", "ok", { validateStream: false });
  expect(
    columns([
      [red, "1"],
      ["日本", "2"],
    ]),
  ).toEqual([`${red}    1`, "日本  2"]);
});
