import { beforeAll, describe, expect, test } from "vitest";
import { instantiate } from "../src/instantiate.ts";
import type { OptionRules } from "../src/option-rules.ts";
import { runOptionRules, syncRunOptionRules } from "../src/options.ts";
import { closeOptionRules, poolOptionRules } from "../src/pool/pool.ts";
// What was built: a worker is a file that Node.js loads by itself, and 20 can't load TypeScript.
import { createPool } from "../dist/index.js";
import { run, runSync } from "../src/run.ts";
import { assemble } from "../../wasm/test/helpers/assemble.ts";

let command: Uint8Array;
let library: Uint8Array;

beforeAll(async () => {
  command = await assemble('(module (memory (export "memory") 1) (func (export "_start")))');
  library = await assemble('(module (memory (export "memory") 1))');
});

type Call = (options: never) => unknown;

/** Each function that takes options, with their rules. */
const functions: readonly (readonly [name: string, rules: OptionRules<object>, call: Call])[] = [
  ["run()", runOptionRules, (options) => run(command, options)],
  ["runSync()", syncRunOptionRules, (options) => runSync(command, options)],
  ["instantiate()", syncRunOptionRules, (options) => instantiate(library, options)],
  ["run() of a pool", runOptionRules, (options) => inPool((pool) => pool.run(command, options))],
  ["createPool()", poolOptionRules, (options) => createPool(options)],
  ["close() of a pool", closeOptionRules, (options) => inPool((pool) => pool.close(options))],
];

async function inPool<T>(use: (pool: ReturnType<typeof createPool>) => Promise<T>): Promise<T> {
  await using pool = createPool({ size: 1 });
  return await use(pool);
}

/** What a call throws, at once or later. */
const thrown = async (call: Call, options: unknown): Promise<unknown> => {
  try {
    await call(options as never);
  } catch (error) {
    return error;
  }
  return undefined;
};

/** Values that no option can have, whatever its type. */
const never: readonly unknown[] = [null, Symbol("other"), Number.NaN];

describe.each(functions)("%s", (name, rules, call) => {
  const options = Object.keys(rules);

  test.each(options)("takes no other name for %s, and says which was meant", async (option) => {
    expect(await thrown(call, { [`${option}s`]: 1 })).toMatchObject({
      code: "E_OPTION",
      message: expect.stringMatching(/^.* has no option \w+\. Did you mean \w+\?\nIts options: /),
    });
  });

  test.each(options)("takes no value of another type as %s, and names the option", async (option) => {
    for (const value of never) {
      expect(await thrown(call, { [option]: value })).toMatchObject({
        code: "E_OPTION",
        message: expect.stringMatching(new RegExp(`^${option} is .*\\. It can be .`)),
      });
    }
  });

  test.each(options)("takes undefined as the default of %s", async (option) => {
    expect(await thrown(call, { [option]: undefined })).toBeUndefined();
  });

  test.each([[null], ["text"], [7]])("takes no %j in place of its options", async (value) => {
    expect(await thrown(call, value)).toMatchObject({ code: "E_OPTION", message: expect.stringContaining(name) });
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
