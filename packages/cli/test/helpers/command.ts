import { fileURLToPath } from "node:url";
import { x } from "tinyexec";
import type { Result } from "tinyexec";

export { folderWith, makeFolder, remove } from "../../../manifest/test/helpers/folder.ts";

/** The command as it is installed. */
export const bin = fileURLToPath(new URL("../../bin/wasi-kit.cjs", import.meta.url));

/** Where a command runs, and with what. */
export interface Surroundings {
  /** The working directory. Default: that of the tests. */
  cwd?: string;
  /** Variables on top of those of the tests; undefined takes one away. */
  env?: NodeJS.ProcessEnv;
  /** What it reads from stdin, or the command whose output that is. Default: nothing. */
  stdin?: string | Result;
}

/** Runs wasi-kit in a process of its own. */
export function wasiKit(args: readonly string[], { cwd, env = {}, stdin = "" }: Surroundings = {}): Result {
  // No test installs anything, whatever it finds missing.
  const variables = { WASI_KIT_NO_INSTALL: "1", ...env };
  return x(process.execPath, [bin, ...args], { stdin, nodeOptions: { ...(cwd && { cwd }), env: variables } });
}

/** The text of a wasi.json that is valid, with what a test adds. */
export function manifest(more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ description: "An example", module: "hello.wasm", runs: { default: {} }, ...more });
}
