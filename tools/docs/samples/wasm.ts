import { readFileSync } from "node:fs";
import { inspectBinary } from "@wasi-kit/wasm";

const { kind, wasi, language, imports } = inspectBinary(readFileSync("examples/rust/hello/build/hello.wasm"));
console.log({ kind, wasi, language });
console.log(imports.map(({ name, signature }) => `${name} ${signature}`));
