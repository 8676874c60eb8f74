import { fileURLToPath } from "node:url";
import { x } from "tinyexec";

/** The command. */
export const vitest: string = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

/** What a test file imports to get this package. */
export const testPackage: string = new URL("../../dist/index.js", import.meta.url).href;

/** What a vitest.config.ts imports to get the plugin. */
export const pluginModule: string = new URL("../../dist/plugin.js", import.meta.url).href;

/** The packages that a test file finds, for a link in its folder. */
export const packages: string = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** Runs vitest in a folder, as `pnpm test` does there, to its end. */
export const runVitest = (folder: string, ...args: string[]): Promise<VitestResult> => start(folder, "", args);

/** The same, with a PATH on which there is nothing, and no compiler that wasi-kit has installed. */
export const runVitestWithoutCompilers = (folder: string, CI: "" | "1", ...args: string[]): Promise<VitestResult> =>
  start(folder, CI, args, { PATH: folder, XDG_CACHE_HOME: folder, WASI_KIT_NO_INSTALL: "1" });

/** The same, in CI. */
export const runVitestInCi = (folder: string, ...args: string[]): Promise<VitestResult> => start(folder, "1", args);

interface VitestResult {
  exitCode: number | undefined;
  output: string;
}

async function start(
  folder: string,
  CI: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<VitestResult> {
  const env = { CI, NO_COLOR: "1", VITEST: undefined, VITEST_POOL_ID: undefined, ...more };
  const { exitCode, stdout, stderr } = await x(process.execPath, [vitest, "run", "--root", folder, ...args], {
    nodePath: false,
    nodeOptions: { cwd: folder, env },
  });
  return { exitCode, output: stdout + stderr };
}
