import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assembleText } from "../../../test/helpers/modules.ts";

/** A program whose functions call each other in turn; the last one traps. */
const callingEachOther = (...names: string[]): string => {
  const functions = names.map(
    (name, i) => `(func $${name} ${i + 1 < names.length ? `call $${names[i + 1]}` : "unreachable"})`,
  );
  return `(module (memory (export "memory") 1) ${functions.join(" ")} (export "_start" (func $${names[0]})))`;
};

let cwd: string;
beforeAll(async () => {
  const ofRust = [
    "_start",
    "__main_void",
    "app::main",
    "app::read",
    "core::panicking::panic_fmt",
    "std::process::abort",
    "abort",
  ];
  cwd = await makeFolder({
    "rust.wasm": await assembleText(callingEachOther(...ofRust)),
    "few.wasm": await assembleText(callingEachOther("_start", "own", "abort")),
    "library.wasm": await assembleText(callingEachOther("_start", "std::a", "std::b", "std::c", "abort")),
    "wasi.json": manifest({ module: "rust.wasm" }),
  });
});
afterAll(() => remove(cwd));

const framesOf = async (...args: string[]): Promise<string[]> => {
  const { stderr } = await wasiKit(["run", "--no-explain", ...args], { cwd });
  return stderr.split("\n").flatMap((line) => /^ {2}(?:at (\S+) \(|(and .*))/.exec(line)?.slice(1).find(Boolean) ?? []);
};

test("frames of the standard library around those of the program are counted", async () => {
  expect(await framesOf("rust.wasm")).toEqual([
    "app::read",
    "app::main",
    "and 5 frames of the standard library: --all-frames shows them",
  ]);
});

test.each([
  ["if they are asked for", ["--all-frames", "rust.wasm"], 7],
  ["if they are few", ["few.wasm"], 3],
  ["if there are no others", ["library.wasm"], 5],
])("they are shown %s", async (_, args, frames) => {
  expect(await framesOf(...args)).toHaveLength(frames);
});

test("--debug is advised if the locations are missing, and there is a wasi.json to build by", async () => {
  expect((await wasiKit(["run", "."], { cwd })).stderr).toContain("wasi-kit build --debug names the lines");
  expect((await wasiKit(["run", "rust.wasm"], { cwd })).stderr).not.toContain("--debug");
});
