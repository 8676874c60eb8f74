import { languages } from "@wasi-kit/compiler";
import { expect, test } from "vitest";
import { availableLanguages } from "./available-languages.js";

const language = (title: string, ...tools: { name: string; found: boolean; version: string }[]) => ({
  title,
  tools: async () => tools,
});
const asked = {
  c: language(
    "C",
    { name: "clang", found: true, version: "14.0.6" },
    { name: "library", found: false, version: "none" },
  ),
  go: language("Go", { name: "go", found: true, version: "1.26.8" }),
  rust: language("Rust", { name: "cargo", found: false, version: "none" }),
  zig: language("Zig", { name: "zig", found: false, version: "not found" }),
};
const variables = { WASI_KIT_C: "clang 14.0.6, library none", WASI_KIT_GO: "go 1.26.8", WASI_KIT_ZIG: "zig not found" };

const nothing = (): Record<string, string> => ({});
const zigAlone = (names: string[]): Record<string, string> => (names.includes("zig") ? { zig: "zig 0.17.1" } : {});

test("what can't be built here is left out, and named in a line with what installs it; Rust is provided", async () => {
  await expect(availableLanguages(["c", "go", "new", "rust", "zig"], asked, false, nothing)).resolves.toEqual({
    names: ["go", "new", "rust"],
    variables,
    messages: ["left out C, Zig: not on this machine. To install what is missing: pnpm toolchains"],
  });
});

test("what the cache has of it is taken, and by what it was built is said", async () => {
  await expect(availableLanguages(["c", "go", "rust", "zig"], asked, false, zigAlone)).resolves.toEqual({
    names: ["go", "rust", "zig"],
    variables: { ...variables, WASI_KIT_ZIG: "zig 0.17.1" },
    messages: [
      "there is no Zig here: taking what zig 0.17.1 built, from the cache.",
      "left out C: not on this machine. To install what is missing: pnpm toolchains",
    ],
  });
});

test("in CI nothing is left out", async () => {
  const names = ["c", "go", "rust", "zig"];
  await expect(availableLanguages(names, asked, true, nothing)).resolves.toEqual({ names, variables, messages: [] });
});

test("what npm installs is always there", async () => {
  const names = ["assemblyscript", "wat"];
  await expect(availableLanguages(names, languages, false, nothing)).resolves.toMatchObject({ names, messages: [] });
});
