import { expect, test } from "vitest";
import type { Program } from "./read.ts";
import type { Build } from "./schema.ts";
import { modulePath, resolveBuild } from "./source.ts";

const exampleWith = (build: Build | undefined): Program => ({
  dir: "/projects/hello",
  name: "hello",
  manifest: {
    description: "Says hello",
    ...(build && { build }),
    module: "build/args-env.wasm",
    runs: { default: {} },
  },
});

test.each<[build: Build | undefined, source: string | undefined]>([
  [{ language: "wat" }, "/projects/hello/args-env.wat"],
  [{ language: "rust" }, "/projects/hello/Cargo.toml"],
  [{ language: "assemblyscript" }, "/projects/hello/assembly/index.ts"],
  [{ language: "wat", source: "src/main.wat" }, "/projects/hello/src/main.wat"],
  [{ language: "rust", source: "../crate/Cargo.toml" }, "/projects/crate/Cargo.toml"],
  [undefined, undefined],
])("the source of %j is %s", (build, source) => {
  expect(resolveBuild(exampleWith(build))?.source).toBe(source);
});

test("the module lies in the example's folder", () => {
  expect(modulePath(exampleWith(undefined))).toBe("/projects/hello/build/args-env.wasm");
});
