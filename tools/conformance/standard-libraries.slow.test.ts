import { join } from "node:path";
import { languages } from "@wasi-kit/compiler";
import type { LanguageName } from "@wasi-kit/manifest";
import { runSync } from "@wasi-kit/runner";
import { x } from "tinyexec";
import { expect, test } from "vitest";
import { needs } from "../../packages/compiler/test/helpers/needs.ts";
import { folderWith } from "../../packages/manifest/test/helpers/folder.ts";
import { readGoTests } from "./go-tests.ts";
import { judgeParts } from "./run.ts";
import type { SuiteTest } from "./suite-test.ts";
import { readZigTests } from "./zig-tests.ts";

/** Tests that pass, fail, skip themselves, and end all, and how they are compiled to a module. */
const modules = {
  go: {
    files: {
      "go.mod": "module example.com/shop\n\ngo 1.21\n",
      "shop_test.go": `package shop

import "testing"

func TestPasses(t *testing.T) {
	t.Run("with a part", func(t *testing.T) {})
}
func TestFails(t *testing.T)  { t.Errorf("%d apples", 3) }
func TestSkips(t *testing.T)  { t.Skip("not here") }
func TestPanics(t *testing.T) { panic("rotten") }
func TestComesLate(t *testing.T) {}
`,
    },
    args: ["test", "-c", "-o", "all.wasm", "."],
    run: ["-test.v"],
    parts: readGoTests,
  },
  zig: {
    files: {
      "shop.zig": `const std = @import("std");

test "passes" {
    std.debug.print("an apple\\n", .{});
}
test "fails" {
    try std.testing.expect(false);
}
test "skips" {
    return error.SkipZigTest;
}
test "panics" {
    @panic("rotten");
}
test "comes late" {}
`,
    },
    args: ["test", "shop.zig", "-target", "wasm32-wasi", "--test-no-exec", "-femit-bin=all.wasm"],
    run: [],
    parts: readZigTests,
  },
} as const satisfies Partial<Record<LanguageName, object>>;

const names = Object.keys(modules) as (keyof typeof modules)[];

test.for(names)(
  "what each test of a module in %s did is read from its output",
  { timeout: 300_000 },
  async (name, context) => {
    await needs(name, context);
    const { files, args, run, parts } = modules[name];
    const cwd = await folderWith(files);
    const [tool] = await languages[name].tools(cwd);
    const env = { GOOS: "wasip1", GOARCH: "wasm", GOTOOLCHAIN: "local" };
    await x(tool!.path, args, { throwOnError: true, nodeOptions: { cwd, env } });
    const module = join(cwd, "all.wasm");
    const wanted: SuiteTest = { group: name, name: "all", module, files: {}, directories: {}, exitCode: 0, parts };
    const results = (...which: string[]): string[] =>
      judgeParts(wanted, runSync(module, { args: [...run, ...which] })).map(
        ({ test: { name: its }, failure }) => `${its}: ${failure ?? "passed"}`,
      );
    expect(results()).toMatchSnapshot();
  },
);

test("a module that runs no test fails", () => {
  const wanted: SuiteTest = {
    group: "go",
    name: "all",
    module: "",
    files: {},
    directories: {},
    exitCode: 0,
    parts: readGoTests,
  };
  const failures = judgeParts(wanted, { exitCode: 0, stdout: "PASS\n", stderr: "" }).map(({ failure }) => failure);
  expect(failures).toEqual(["it ran no test"]);
  expect(judgeParts(wanted, { exitCode: 126, message: "no module" })).toHaveLength(1);
});
