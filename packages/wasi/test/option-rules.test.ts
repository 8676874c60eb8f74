import { expect, test } from "vitest";
import { changesOptionRules, copyOnWrite, copyOnWriteOptionRules } from "../src/fs/copy-on-write.ts";
import { memory, memoryOptionRules } from "../src/fs/memory.ts";
import { hostDirectory, hostDirectoryOptionRules } from "../src/node/host-directory.ts";
import { abortSignal, array, flag, method, object, oneOf, requireOptions, size } from "../src/option-rules.ts";
import { createWasi, wasiOptionRules } from "../src/wasi.ts";
import type { WasiOptions } from "../src/wasi.ts";
import { testOptions } from "./support/option-rules.ts";

const stream = { name: "stream" } as unknown as WasiOptions["stdin"];
const surroundings = { stdin: stream, stdout: stream, stderr: stream };

testOptions([
  ["memory()", memoryOptionRules, (options) => memory({}, options)],
  ["copyOnWrite()", copyOnWriteOptionRules, (options) => copyOnWrite(memory(), options)],
  ["changes()", changesOptionRules, (options) => copyOnWrite(memory()).changes(options)],
  ["hostDirectory()", hostDirectoryOptionRules, (options) => hostDirectory(".", options)],
  [
    "createWasi()",
    wasiOptionRules,
    (options) =>
      createWasi(
        typeof options === "object" && options ? ({ ...surroundings, ...(options as object) } as WasiOptions) : options,
      ),
  ],
]);

test.each([
  ["timeout", { timeoutMs: size }, "Did you mean timeoutMs?"],
  ["importes", { imports: object }, "Did you mean imports?"],
  // Four letters apart.
  ["timeoutMs", { imports: object }, undefined],
])("%s, if the options are %o", (name, rules, suggestion) => {
  const [first] = messageOf(() => requireOptions({ [name]: 1 }, rules, "it()")).split("\n");
  expect(first).toBe(`it() has no option ${name}.${suggestion ? ` ${suggestion}` : ""}`);
});

test("an option that there is not comes with those that there are", () => {
  expect(
    messageOf(() =>
      requireOptions<{ name: object; size: number }>({ depth: 1 } as never, { name: object, size }, "it()"),
    ),
  ).toBe("it() has no option depth.\nIts options: name, size.");
});

test.each([
  [true, 'value is true. It can be "a" or "b".', oneOf("a", "b")],
  ["c", 'value is "c". It can be "a" or "b".', oneOf("a", "b")],
  [2n, "value is 2n. It can be true or false.", flag],
  [-1, "value is -1. It can be a number, 0 or above.", size],
  [[1], "value is an array. It can be an object.", object],
  [null, "value is null. It can be an object.", object],
  [{}, "value is an object. It can be an array.", array],
  [() => 0, "value is a function. It can be an array.", array],
  [Symbol("s"), "value is Symbol(s). It can be a function.", method],
  [{ aborted: false }, "value is an object. It can be an AbortSignal.", abortSignal],
  [{ addEventListener: 1 }, "value is an object. It can be an AbortSignal.", abortSignal],
  ["signal", 'value is "signal". It can be an AbortSignal.', abortSignal],
])("%o is not what the option can be", (value, message, rule) => {
  expect(messageOf(() => requireOptions({ value }, { value: rule }, "it()"))).toBe(message);
});

test.each([
  [false, flag],
  [0, size],
  [[], array],
  [{}, object],
  [() => 0, method],
  ["b", oneOf("a", "b")],
  [new AbortController().signal, abortSignal],
  [undefined, size],
])("%o is what the option can be", (value, rule) => {
  expect(() => requireOptions({ value }, { value: rule }, "it()")).not.toThrow();
});

test("options that are no object", () => {
  expect(messageOf(() => requireOptions("all" as never, {}, "it()"))).toBe(
    'The options of it() are "all". They can be an object.',
  );
});

function messageOf(call: () => void): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}
