import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { globSync } from "tinyglobby";
import { x } from "tinyexec";
import type { Result } from "tinyexec";
import { onTestFinished } from "vitest";

/** The command as it is installed. */
export const bin: string = fileURLToPath(new URL("../bin/create-wasi-kit.js", import.meta.url));

/** Runs create-wasi-kit in a process of its own, without a terminal. */
export function createWasiKit(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Result {
  const variables = { npm_config_user_agent: undefined, WASI_KIT_NO_INSTALL: "1", ...env };
  return x(process.execPath, [bin, ...args], { stdin: "", nodeOptions: { cwd, env: variables } });
}

/** A new folder with these files (path to content), which goes with the test. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "create-wasi-kit-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** All that is in a folder and below it, except a git repository: path to content; undefined if there is no folder. */
export function contentOf(folder: string): Record<string, string> | undefined {
  if (!existsSync(folder)) return undefined;
  const paths = globSync("**", { cwd: folder, dot: true, ignore: ".git/**", expandDirectories: false });
  return Object.fromEntries(paths.toSorted().map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}
