import type { SpawnOptions } from "node:child_process";
import { fileURLToPath } from "node:url";
import { x } from "tinyexec";
import type { Result } from "tinyexec";

const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

/** What a test file imports to get this package. */
export const testPackage: string = new URL("../../dist/index.js", import.meta.url).href;

/** The packages that a test file finds, for a link in its folder. */
export const packages: string = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** Starts vitest in a folder, as `pnpm test` does there. */
export function startVitest(folder: string, args: readonly string[], { env, ...options }: SpawnOptions = {}): Result {
  const variables = { CI: "", NO_COLOR: "1", VITEST: undefined, VITEST_POOL_ID: undefined, ...env };
  return x(process.execPath, [vitest, "run", "--root", folder, ...args], {
    nodeOptions: { cwd: folder, env: variables, ...options },
  });
}

/** The same, to its end. */
export async function runVitest(
  folder: string,
  ...args: string[]
): Promise<{ exitCode: number | undefined; output: string }> {
  const { exitCode, stdout, stderr } = await startVitest(folder, args);
  return { exitCode, output: stdout + stderr };
}
