import { describe, expect, test } from "vitest";
import type { OptionRules } from "../../src/option-rules.ts";

/** A call of a function with these options. It may throw at once or later. */
export type CallWith = (options: never) => unknown;

/** A function that takes options, with their rules. */
export type FunctionWithOptions = readonly [name: string, rules: OptionRules<object>, call: CallWith];

/** What a call throws, at once or later. */
export async function thrown(call: CallWith, options: unknown): Promise<unknown> {
  try {
    await call(options as never);
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Values that no option can have, whatever its type. */
const never: readonly unknown[] = [null, Symbol("other"), Number.NaN];

/** Declares tests of each option that is in the rules: so an option that is added is tested too. */
export function testOptions(functions: readonly FunctionWithOptions[]): void {
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
}
