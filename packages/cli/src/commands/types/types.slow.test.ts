import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { x } from "tinyexec";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, manifest, remove, wasiKit } from "../../../test/helpers/command.ts";
import { assemble } from "../../../../wasm/test/helpers/assemble.ts";
import { assembleModule } from "../../../test/helpers/modules.ts";

const library = `(module (memory (export "memory") 1)
  (func (export "add") (param i32 i64) (result i64) (i64.add (i64.extend_i32_s (local.get 0)) (local.get 1))))`;

let cwd: string;

beforeAll(async () => {
  const bytes = await assemble(library);
  cwd = await makeFolder({
    "library.wasm": bytes,
    "hello.wasm": await assembleModule("hello"),
    "library.wat": library,
    "broken.wat": "(module (fnuc))",
    "cut.wasm": bytes.subarray(0, 20),
    "component.wasm": Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
    "program/library.wasm": bytes,
    "program/wasi.json": manifest({ module: "library.wasm" }),
  });
});
afterAll(() => remove(cwd));

const text = `// What library.wasm exports. Written by: wasi-kit types

export interface Exports {
  readonly memory: WebAssembly.Memory;
  /** \`(i32, i64) -> i64\` */
  readonly add: (p0: number, p1: bigint) => bigint;
}
`;

test.each(["library.wasm", "program"])("the types of %s go to stdout", async (target) => {
  await expect(wasiKit(["types", target], { cwd })).resolves.toEqual({ exitCode: 0, stdout: text, stderr: "" });
});

test("those of a .wat file do as well", async () => {
  const { exitCode, stdout } = await wasiKit(["types", "library.wat"], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: text.replace("library.wasm", "library.wat") });
});

test("with --out they are a file, which TypeScript checks calls with", { timeout: 60_000 }, async () => {
  await expect(wasiKit(["types", "library.wasm", "--out", "library.d.ts"], { cwd })).resolves.toEqual({
    exitCode: 0,
    stdout: "",
    stderr: "",
  });
  expect(await readFile(join(cwd, "library.d.ts"), "utf8")).toBe(text);
  const runner = fileURLToPath(new URL("../../../../runner/dist/index.d.ts", import.meta.url));
  await writeFile(
    join(cwd, "main.mts"),
    `import { instantiate } from ${JSON.stringify(runner.replace(/\.d\.ts$/, ".js"))};
import type { Exports } from "./library.js";
const { exports } = await instantiate<Exports>("library.wasm");
const sum: bigint = exports.add(1, 2n);
export const size: number = exports.memory.buffer.byteLength + Number(sum);
exports.add(1, 2);
`,
  );
  const tsc = fileURLToPath(new URL("../../../../../node_modules/typescript/bin/tsc", import.meta.url));
  const flags = "--noEmit --strict --target esnext --module nodenext --skipLibCheck --types".split(" ");
  const { stdout } = await x(process.execPath, [tsc, ...flags, "", "main.mts"], { nodeOptions: { cwd } });
  expect(stdout).toBe(
    "main.mts(6,16): error TS2345: Argument of type 'number' is not assignable to parameter of type 'bigint'.\n",
  );
});

test.each([
  ["hello.wasm", 2, "hello.wasm is a program: it has no functions to call. Run it: wasi-kit run hello.wasm"],
  ["component.wasm", 2, "component.wasm is a component, and instantiate() takes core modules. jco writes its types."],
  ["cut.wasm", 126, expect.stringMatching(/^cut\.wasm is malformed: .*\. Build it again\.$/)],
  ["broken.wat", 126, expect.stringMatching(/^wabt can't compile broken\.wat:\nbroken\.wat:1:10: error: /)],
  ["no.wat", 127, "There is no module at no.wat."],
  ["no.wasm", 127, "There is no module at no.wasm.\nIf it has yet to be built, type: wasi-kit build"],
])("%s has none: exit code %i", async (target, exitCode, message) => {
  const result = await wasiKit(["types", target], { cwd });
  expect(result).toMatchObject({ exitCode, stdout: "" });
  expect(result.stderr.trimEnd().replace("wasi-kit: ", "")).toEqual(message);
});
