import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assemble } from "../../../../wasm/test/helpers/assemble.ts";

/** A program whose functions call each other in turn; the last one traps. */
const callingEachOther = (...names: string[]): string => {
  const functions = names.map(
    (name, i) => `(func $${name} ${i + 1 < names.length ? `call $${names[i + 1]}` : "unreachable"})`,
  );
  return `(module (memory (export "memory") 1) ${functions.join(" ")} (export "_start" (func $${names[0]})))`;
};

/** The same with functions that have no name: each calls the next one. */
const withoutNames = (...numbers: number[]): string =>
  `(module (memory (export "memory") 1) ${numbers.map((n) => `(func call ${n + 1})`).join(" ")} (func unreachable) (export "_start" (func 0)))`;

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
    "rust.wasm": await assemble(callingEachOther(...ofRust)),
    "few.wasm": await assemble(callingEachOther("_start", "own", "abort")),
    "library.wasm": await assemble(callingEachOther("_start", "std::a", "std::b", "std::c", "abort")),
    "unnamed.wasm": await assemble(withoutNames(0, 1, 2, 3, 4, 5)),
    "deep.wasm": await assemble(withoutNames(0).replace("unreachable", "call 1 call 1")),
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

const said = async (...args: string[]): Promise<string[]> =>
  (await wasiKit(["run", "--no-explain", ...args], { cwd })).stderr.trimEnd().split("\n").slice(1);

test("of a module without names, those say where it trapped, and the others are counted", async () => {
  const shown = await said("unnamed.wasm");
  expect(shown).toHaveLength(4);
  expect(shown.slice(0, 3).join("\n")).toMatch(/^( {2}at wasm-function\[[654]\]:0x\w+\n?){3}$/);
  expect(shown[3]).toBe("  and 4 frames without a name: --all-frames shows them");
  expect(await said("--all-frames", "unnamed.wasm")).toHaveLength(7);
  // The many of a recursion are one line already.
  expect((await said("deep.wasm")).at(-1)).toMatch(/, and \d+ more like it$/);
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
