import { run } from "@wasi-kit/runner";

const { outcome, exitCode, stdout } = await run("examples/wat/hello/build/hello.wasm");
console.log(outcome, exitCode, JSON.stringify(stdout));
