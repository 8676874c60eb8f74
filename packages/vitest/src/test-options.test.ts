import { expect, test } from "vitest";
import { testOptions, thrown } from "../../wasi/test/support/option-rules.ts";
import { checkTestOptions, pathOf, testOptionRules } from "./test-options.ts";
import { testParity } from "./test-parity.ts";
import { testProgram } from "./test-program.ts";

testOptions([["testProgram()", testOptionRules, checkTestOptions]]);

const call = (options: never): Promise<void> => testProgram("file:///nowhere/a.test.ts", options);

test("testProgram() checks its options before it reads anything", async () => {
  expect(await thrown(call, { biuld: false })).toMatchObject({
    name: "WasiKitError",
    code: "E_OPTION",
    message: "testProgram() has no option biuld. Did you mean build?\nIts options: env, build.",
  });
});

test.each([[undefined], ["/folder/a.test.ts"], [7], ["https://example.org/a.test.ts"]])(
  "testProgram() takes no %j as the test file, and says what to pass",
  (testFile) => {
    expect(() => pathOf(testFile as string)).toThrow(
      expect.objectContaining({ code: "E_OPTION", message: expect.stringMatching(/Pass import\.meta\.url\.$/) }),
    );
  },
);

test("testParity() takes the path of a folder", async () => {
  await expect(testParity(undefined as never)).rejects.toMatchObject({
    code: "E_OPTION",
    message: "testParity() needs the path of a folder, and got undefined.",
  });
});
