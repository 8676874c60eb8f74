import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build, toText } from "@wasi-kit/compiler";

const dir = resolve("examples/wat/hello");
const folder = mkdtempSync(join(tmpdir(), "hello-"));
const module = join(folder, "hello.wasm");
const { size } = await build({ dir, language: "wat", source: join(dir, "hello.wat"), module });
const text = await toText(readFileSync(module), "hello.wasm");
console.log(`${size} bytes`);
console.log(text.split("\n")[1]);
rmSync(folder, { recursive: true });
