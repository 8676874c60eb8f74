import { fileURLToPath } from "node:url";
import { WasiKitError } from "@wasi-kit/runner";
import { flag, object, OptionError, requireOptions, showValue } from "@wasi-kit/wasi/option-rules";
import type { OptionRules } from "@wasi-kit/wasi/option-rules";

/** How a program is tested. */
export interface TestOptions {
  /** The variables that `inheritEnv` can pass on. Default: `process.env`. */
  env?: NodeJS.ProcessEnv;
  /** Whether a module that is not up to date is built first. Default: `true`. */
  build?: boolean;
}

/** What each option of a test may be. */
export const testOptionRules: OptionRules<TestOptions> = { env: object, build: flag };

/** @throws WasiKitError `E_OPTION` */
export function checkTestOptions(options: TestOptions): void {
  try {
    requireOptions(options, testOptionRules, "testProgram()");
  } catch (cause) {
    if (!(cause instanceof OptionError)) throw cause;
    throw new WasiKitError("E_OPTION", cause.message);
  }
}

/**
 * The path of a test file.
 *
 * @param testFile - its URL
 * @throws WasiKitError `E_OPTION` if that is no URL of a file
 */
export function pathOf(testFile: string): string {
  try {
    return fileURLToPath(testFile);
  } catch (cause) {
    throw new WasiKitError(
      "E_OPTION",
      `testProgram() needs the URL of the test file, and got ${showValue(testFile)}. Pass import.meta.url.`,
      { cause },
    );
  }
}
