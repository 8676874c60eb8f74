import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@wasi-kit/compiler";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../root.ts";

test("a program that imports a library builds from any working directory, not from its own alone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-build-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const dir = join(root, "examples/assemblyscript/hello");
  const module = join(folder, "hello.wasm");
  await build({ dir, language: "assemblyscript", source: join(dir, "assembly/index.ts"), module });
  expect(statSync(module).size).toBeGreaterThan(0);
});
