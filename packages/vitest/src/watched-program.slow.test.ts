import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readProgram } from "@wasi-kit/manifest";
import { expect, test } from "vitest";
import { buildIfStale } from "./build-if-stale.ts";
import { folderWith } from "../test/helpers/example.ts";
import { packages } from "../test/helpers/run-vitest.ts";
import { isAffected, watchedProgram } from "./watched-program.ts";
import type { WatchedProgram } from "./watched-program.ts";

const manifest = {
  description: "Says something",
  build: { language: "assemblyscript" },
  module: "build/say.wasm",
  runs: { default: { preopens: { "/data": "../data", "/own": ".data" }, stdin: { file: "../line.txt" } } },
};

const createProgram = async (): Promise<string> => {
  const folder = await folderWith({
    "say/wasi.json": JSON.stringify(manifest),
    "say/assembly/index.ts": `import { words } from "../../shared/words";\nexport function length(): i32 { return words.length; }\n`,
    "say/node_modules": { to: packages },
    "shared/words.ts": `export const words = "hello";\n`,
    "line.txt": "",
    "data/": "",
  });
  return join(folder, "say");
};

/** Which of these paths affect a program, relative to its folder. */
async function affecting(program: WatchedProgram, ...paths: string[]): Promise<string[]> {
  const affected = await Promise.all(paths.map((path) => isAffected(program, join(program.dir, path))));
  return paths.filter((_, i) => affected[i]);
}

test("what a program is made of, reads and is granted belongs to it; results of builds and of tests do not", async () => {
  const dir = await createProgram();
  await buildIfStale(await readProgram(dir));
  const program = await watchedProgram(dir);
  const its = [
    "wasi.json",
    "assembly/index.ts",
    "assembly/not-imported.ts",
    "../shared/words.ts",
    "../line.txt",
    "../data",
    "../data/deep/.hidden",
    ".data/file",
  ];
  expect(await affecting(program, ...its)).toEqual(its);
  const others = [
    "build/.say.wasm.json",
    "build/say.wasm.123.tmp",
    "build/say.wasm",
    "__snapshots__/default.txt",
    "target/debug/say",
    "node_modules/it/index.js",
    ".git/index",
    "assembly/.index.ts.swp",
    "assembly/index.ts~",
    "../shared/others.ts",
    "../database",
    "..",
  ];
  expect(await affecting(program, ...others)).toEqual([]);
});

test("a module affects its program if it is not what a build of the source makes", async () => {
  const dir = await createProgram();
  const module = join(dir, "build/say.wasm");
  await buildIfStale(await readProgram(dir));
  const program = await watchedProgram(dir);
  await writeFile(module, "");
  expect(await isAffected(program, module)).toBe(true);
  // A build that fails removes it, and the tests that began with that build have seen it.
  await rm(module);
  expect(await isAffected(program, module)).toBe(false);
  await rm(join(dir, "assembly"), { recursive: true });
  expect(await isAffected(await watchedProgram(dir), module)).toBe(true);
});

test("what was outside of the folder is still watched while the source can't be built, or wasi.json is not valid", async () => {
  const dir = await createProgram();
  await buildIfStale(await readProgram(dir));
  await writeFile(join(dir, "../shared/words.ts"), "export const words = ;\n");
  await expect(buildIfStale(await readProgram(dir))).rejects.toThrow("words.ts");
  const program = await watchedProgram(dir);
  expect(await affecting(program, "../shared/words.ts", "../data/file")).toEqual([
    "../shared/words.ts",
    "../data/file",
  ]);
  await writeFile(join(dir, "wasi.json"), "{");
  expect(await watchedProgram(dir, program)).toEqual(program);
  expect(await affecting(await watchedProgram(dir), "wasi.json", "../data")).toEqual(["wasi.json"]);
});

test("of what a command makes, its inputs affect it, and not what it writes besides", async () => {
  const dir = await folderWith({
    "wasi.json": JSON.stringify({
      ...manifest,
      build: { command: ["make"], inputs: ["src/*.c", "Makefile"] },
      runs: { default: { preopens: { "/data": "data" } } },
    }),
    Makefile: "",
    "src/old.c": "",
  });
  const program = await watchedProgram(dir);
  await writeFile(join(dir, "src/new.c"), "");
  const its = ["wasi.json", "Makefile", "src/old.c", "src/new.c", "data/file"];
  expect(await affecting(program, ...its, "src/old.o", "README.md", "src/old.h")).toEqual(its);
});
