import { expect, test } from "vitest";
import type { Program } from "./read.ts";
import type { Build } from "./schema.ts";
import { builderOf, modulePath, resolveBuild } from "./source.ts";

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
  const resolved = resolveBuild(exampleWith(build));
  expect(resolved && "source" in resolved ? resolved.source : undefined).toBe(source);
});

test("a command is taken as it is", () => {
  const build = { command: ["make", "all"], inputs: ["src/*.c"] } satisfies Build;
  const module = "/projects/hello/build/args-env.wasm";
  expect(resolveBuild(exampleWith(build))).toEqual({ dir: "/projects/hello", module, ...build });
});

test.each<[build: Build | undefined, builder: string | undefined]>([
  [{ language: "wat" }, "wat"],
  [{ command: ["./build.sh", "-v"], inputs: ["."] }, "./build.sh"],
  [undefined, undefined],
])("what %j is built by", (build, builder) => {
  expect(builderOf(exampleWith(build).manifest)).toBe(builder);
});

test("the module lies in the example's folder", () => {
  expect(modulePath(exampleWith(undefined))).toBe("/projects/hello/build/args-env.wasm");
});
