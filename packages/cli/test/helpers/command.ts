import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { x } from "tinyexec";
import type { Result } from "tinyexec";

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

/** A new folder with these files (path to content). Remove it with {@link remove}. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wasi-kit-cli-"));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** Removes a folder with all that is in it. */
export const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** The text of a wasi.json that is valid, with what a test adds. */
export function manifest(more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ description: "An example", module: "hello.wasm", runs: { default: {} }, ...more });
}
