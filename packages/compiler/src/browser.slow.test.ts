import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { compileAssemblyScript, compileWat } from "./browser.ts";
import { requireOfPackage } from "./own-package.ts";
import { build } from "./build.ts";

const examples = resolve(import.meta.dirname, "../../../examples");
const shim = dirname(requireOfPackage().resolve("@assemblyscript/wasi-shim/package.json"));

/** The texts below a folder, by path. */
const textsIn = (folder: string, prefix = ""): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((it) => it.isFile() && /\.(ts|json)$/.test(it.name))
      .map((it) => {
        const path = join(it.parentPath, it.name);
        return [prefix + relative(folder, path), readFileSync(path, "utf8")];
      }),
  );
const libraries = textsIn(shim, "node_modules/@assemblyscript/wasi-shim/");

test("a program in AssemblyScript is compiled as on Node.js, byte for byte", async () => {
  for (const [name, config] of [
    ["read-file", {}],
    ["library", textsIn(join(examples, "assemblyscript/library"))],
  ] as const) {
    const folder = join(examples, "assemblyscript", name);
    const files = { ...config, ...textsIn(join(folder, "assembly"), "assembly/"), ...libraries };
    const target = {
      dir: folder,
      module: join(folder, `build/${name}.wasm`),
      source: join(folder, "assembly/index.ts"),
    };
    await build({ ...target, language: "assemblyscript" });
    const bytes = await compileAssemblyScript("assembly/index.ts", files);
    expect(Buffer.from(bytes).equals(readFileSync(target.module))).toBe(true);
  }
});

test("a mistake in AssemblyScript has its place", async () => {
  const files = {
    ...libraries,
    "assembly/index.ts": 'import { a } from "./a";\nlet b: i32 = a();\n',
    "assembly/a.ts": "",
  };
  await expect(compileAssemblyScript("assembly/index.ts", files)).rejects.toThrow(/assembly\/index\.ts\(1,10\)/);
  await expect(compileAssemblyScript("assembly/none.ts", files)).rejects.toThrow(/'assembly\/none\.ts' not found/);
});

test("a mistake in WAT has its place", async () => {
  await expect(compileWat("(module\n  (func nope))", "a.wat")).rejects.toThrow(/^a\.wat:2:9: error: /);
});
