import { expect, test } from "vitest";
import { hostPaths, isWithin } from "./host-paths.ts";

test("the host paths of all runs, and nothing that is in memory", () => {
  const manifest = {
    description: "An example",
    module: "hello.wasm",
    runs: {
      one: { preopens: { "/data": "data", "/memory": { files: { "a.txt": "" } } }, stdin: "text" },
      two: { preopens: { "/shared": { path: "/shared", access: "read-only" as const } }, stdin: { file: "../in.txt" } },
    },
  };
  expect(hostPaths({ dir: "/program", name: "program", manifest })).toEqual({
    directories: ["/program/data", "/shared"],
    files: ["/in.txt"],
  });
});

test.each([
  ["/a", "/a", true],
  ["/a", "/a/b", true],
  ["/a", "/ab", false],
  ["/a/b", "/a", false],
  ["/", "/a", true],
])("within %s: %s is %s", (folder, path, is) => {
  expect(isWithin(folder, path)).toBe(is);
});
