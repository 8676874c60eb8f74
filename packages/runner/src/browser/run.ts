import { runLoaded } from "../guest/command.ts";
import { browserHost } from "../host/browser.ts";
import { areInModule, loadImports, moduleUrl } from "../imports/load-imports.ts";
import type { ModuleSource } from "../module/module.ts";
import { checkOptions } from "../options.ts";
import type { SyncRunOptions } from "../options.ts";
import type { RunResult } from "../result.ts";
import { fetchModule } from "./load-module.ts";
import { browserRunOptionRules } from "./options.ts";
import type { BrowserRunOptions } from "./options.ts";
import { startBrowserPool } from "./pool.ts";

/**
 * Runs a command (a module that exports `_start`) with what it is granted: in a
 * web worker of its own if it has a `timeoutMs` or a `signal`, which end the
 * worker, and else in this thread, so that nothing else happens here until the
 * guest ends. For many runs there is `createPool`.
 *
 * @example
 * const { exitCode, stdout } = await run("hello.wasm", { args: ["--help"], timeoutMs: 1000 });
 *
 * @throws WasiKitError if the run could not start; its code says why. A guest
 * that traps, is ended or exits with an error does not throw: see
 * {@link RunResult}.
 */
export async function runInBrowser(source: ModuleSource, options: BrowserRunOptions = {}): Promise<RunResult> {
  checkOptions(options, browserRunOptionRules, "run()", browserHost);
  if (options.timeoutMs === undefined && options.signal === undefined) {
    const loaded = await fetchModule(source, options);
    const { imports } = options;
    if (!areInModule(imports)) return runLoaded(browserHost, loaded, options as SyncRunOptions);
    const functions = await loadImports(moduleUrl(imports, browserHost));
    return runLoaded(browserHost, loaded, { ...(options as SyncRunOptions), imports: functions });
  }
  const pool = startBrowserPool({ size: 1 }, {});
  try {
    return await pool.run(source, options);
  } finally {
    await pool.close();
  }
}
