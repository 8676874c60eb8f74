import { GuestError, instantiate } from "@wasi-kit/runner";
import { compile } from "./compile.ts";

/** What the module exports, as TypeScript sees it: an i32 is a number. */
interface Counter {
  add(number: number): number;
  divide(by: number): number;
}

const counter = await instantiate<Counter>(await compile("counter.wat"));
const { add, divide } = counter.exports;

console.log(add(40), add(2));
console.log(divide(2));

try {
  divide(0);
} catch (error) {
  if (!(error instanceof GuestError)) throw error;
  console.log(error.outcome, error.message);
}

counter.close();
