import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { copyExample } from "./copy.ts";
import { missingCompiler } from "./set-up.ts";
import { folderWith } from "./testing/command.ts";

const wasiKit = fileURLToPath(new URL("../../cli/bin/wasi-kit.cjs", import.meta.url));

test("a compiler that is missing is named, with what to type; one that is there is not", async () => {
  const dir = join(folderWith(), "app");
  copyExample({ example: "rust/hello", dir });
  // As npm installs it.
  mkdirSync(join(dir, "node_modules/.bin"), { recursive: true });
  symlinkSync(wasiKit, join(dir, "node_modules/.bin/wasi-kit"));
  await expect(missingCompiler(dir, "npm")).resolves.toBeUndefined();

  const path = folderWith();
  symlinkSync(process.execPath, join(path, "node"));
  vi.stubEnv("PATH", path);
  onTestFinished(() => void vi.unstubAllEnvs());
  const missing = await missingCompiler(dir, "npm");
  // The distribution's Rust is found without PATH.
  if (missing === undefined) return;
  expect(missing).toMatch(/missing +rustc and cargo +rust/);
  expect(missing).toContain("To mend it, type: npx wasi-kit doctor --fix\n");
  expect(missing).toMatch(/or by hand: +\S+/);
});
