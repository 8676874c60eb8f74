import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { createInputRecorder } from "../../record/inputs.ts";
import { compile } from "./compile.ts";
import { folderWith } from "../../../../manifest/test/helpers/folder.ts";

const crate = (name: string, more = ""): string =>
  `[package]\nname = "${name}"\nversion = "0.0.0"\nedition = "2021"\n${more}`;
const program = (text: string): string => `fn main() { print!("${text}") }`;
const library = '#[no_mangle] pub extern "C" fn _start() {}\n#[no_mangle] pub extern "C" fn of_a_library() {}';

/** Compiles a crate for the module of a name, with what is said meanwhile. */
async function compileCrate(source: string, name: string): Promise<{ module: Buffer; said: string[] }> {
  const said: string[] = [];
  const dir = join(source, "..");
  const job = { dir, source, module: join(dir, `${name}.wasm`), debug: false, inputs: createInputRecorder(dir) };
  const module = await compile({ ...job, log: (line) => said.push(line) });
  return { module: Buffer.from(module), said };
}

test("of what a crate in a workspace builds, the program named as the module is taken", async () => {
  const folder = await folderWith({
    "Cargo.toml": '[workspace]\nmembers = ["tools"]\nresolver = "2"\n',
    "tools/Cargo.toml": crate("tools", '[lib]\nname = "as_library"\ncrate-type = ["cdylib"]\n'),
    "tools/src/lib.rs": library,
    "tools/src/bin/first.rs": program("this is the first"),
    "tools/src/bin/second-one.rs": program("this is the second"),
  });
  const source = join(folder, "tools/Cargo.toml");
  // A dash in a crate's name is an underscore in a library's file name.
  for (const [name, content] of [
    ["first", "this is the first"],
    ["second-one", "this is the second"],
    ["as-library", "of_a_library"],
  ] as const) {
    const { module, said } = await compileCrate(source, name);
    expect(module.toString("latin1")).toContain(content);
    expect(said).toEqual([]);
  }
  await expect(compileCrate(source, "third")).rejects.toMatchObject({
    code: "E_COMPILE",
    message: `${relative(process.cwd(), source)} builds as_library.wasm, first.wasm, second-one.wasm, and none is named third.wasm, as the module in wasi.json is.`,
  });
});

test("a library that is a cdylib among other things is a module", async () => {
  const folder = await folderWith({
    "Cargo.toml": `${crate("lib", '[lib]\ncrate-type = ["cdylib", "rlib"]\n')}[workspace]\n`,
    "src/lib.rs": library,
  });
  const { module } = await compileCrate(join(folder, "Cargo.toml"), "lib");
  expect(module.toString("latin1")).toContain("of_a_library");
});

test("a crate with one program need not be named as the module, and its warnings are passed on", async () => {
  const folder = await folderWith({
    "Cargo.toml": `${crate("other-name")}[workspace]\n`,
    "src/main.rs": `${program("hello")}\nfn unused() {}`,
  });
  const { module, said } = await compileCrate(join(folder, "Cargo.toml"), "hello");
  expect(module.subarray(0, 4).toString()).toBe("\0asm");
  expect(said.join("\n")).toMatch(/^warning: function `unused` is never used\n --> src\/main.rs:2:4\n/);
});

test("a crate that builds no program says what it needs", async () => {
  const folder = await folderWith({ "Cargo.toml": `${crate("lib")}[workspace]\n`, "src/lib.rs": "" });
  const source = join(folder, "Cargo.toml");
  await expect(compileCrate(source, "lib")).rejects.toThrow(
    `${relative(process.cwd(), source)} builds no program. It needs a src/main.rs, or a library of crate-type "cdylib".`,
  );
});
