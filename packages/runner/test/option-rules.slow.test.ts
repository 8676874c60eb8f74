import { beforeAll, expect, test } from "vitest";
import { instantiate } from "../src/instantiate.ts";
import { moduleLimitRules } from "../src/limits/limits.ts";
import { libraryOptionRules, runOptionRules, syncRunOptionRules } from "../src/options.ts";
import { callOptionRules } from "../src/pool/instance.ts";
import { closeOptionRules, poolOptionRules, poolRunOptionRules } from "../src/pool/pool-options.ts";
// What was built: a worker is a file that Node.js loads by itself, and 20 can't load TypeScript.
import { createPool } from "../dist/index.js";
import { replay, replayOptionRules } from "../src/record/replay.ts";
import { run, runSync } from "../src/run.ts";
import { runOnCopies } from "../src/run-on-copies.ts";
import { testOptions, thrown } from "../../wasi/test/support/option-rules.ts";
import type { FunctionWithOptions } from "../../wasi/test/support/option-rules.ts";
import { assemble } from "../../wasm/test/helpers/assemble.ts";

let command: Uint8Array;
let library: Uint8Array;
let recorded: Promise<Uint8Array>;

beforeAll(async () => {
  command = await assemble('(module (memory (export "memory") 1) (func (export "_start")))');
  recorded = run(command, { record: "with-module" }).then(({ recording }) => recording as Uint8Array);
  library = await assemble('(module (memory (export "memory") 1) (func (export "f")))');
});

/** Each function that takes options, with their rules. */
const functions: readonly FunctionWithOptions[] = [
  ["run()", runOptionRules, (options) => run(command, options)],
  ["runSync()", syncRunOptionRules, (options) => runSync(command, options)],
  ["runOnCopies()", syncRunOptionRules, (options) => runOnCopies(command, options)],
  ["instantiate()", libraryOptionRules, (options) => instantiate(library, options)],
  ["replay()", replayOptionRules, async (options) => replay(await recorded, options)],
  ["run() of a pool", poolRunOptionRules, (options) => inPool((pool) => pool.run(command, options))],
  ["instantiate() of a pool", poolRunOptionRules, (options) => inPool((pool) => pool.instantiate(library, options))],
  [
    "call() of an instance",
    callOptionRules,
    (options) =>
      inPool(async (pool) => {
        const instance = await pool.instantiate(library);
        return instance.call("f", [], options);
      }),
  ],
  ["prepare() of a pool", moduleLimitRules, (options) => inPool((pool) => pool.prepare(command, options))],
  ["createPool()", poolOptionRules, (options) => createPool(options)],
  ["close() of a pool", closeOptionRules, (options) => inPool((pool) => pool.close(options))],
];

async function inPool<T>(use: (pool: ReturnType<typeof createPool>) => Promise<T>): Promise<T> {
  await using pool = createPool({ size: 1 });
  return await use(pool);
}

testOptions(functions);

test("a key of a clock that is misspelt is no clock without it", async () => {
  const clock = { start: "2020-07-01T00:00:00Z", step: 5 };
  expect(await thrown(functions[0]![2], { clock })).toMatchObject({
    code: "E_OPTION",
    message: "clock has no option step. Did you mean stepMs?\nIts options: start, stepMs.",
  });
});

test("a limit that is misspelt is no run without it", async () => {
  expect(await thrown(functions[0]![2], { timeout: 100 })).toMatchObject({
    message: expect.stringContaining("run() has no option timeout. Did you mean timeoutMs?"),
  });
  expect(await thrown(functions[0]![2], { maxMemory: 100 })).toMatchObject({
    message: expect.stringContaining("Did you mean maxMemoryBytes?"),
  });
});
