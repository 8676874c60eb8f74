import { createCommand, runCommand } from "./guest/command.ts";
import { loadModule } from "./module/load-module.ts";
import type { ModuleSource } from "./module/load-module.ts";
import { checkOptionRules } from "./option-rules.ts";
import { checkOptions, runOptionRules, syncRunOptionRules, isStream } from "./options.ts";
import type { RunOptions, SyncRunOptions } from "./options.ts";
import { createResult } from "./result.ts";
import type { RunResult } from "./result.ts";

/**
 * Runs a command (a module that exports `_start`) with what it is granted: in
 * this thread, so that nothing else happens here until the guest ends, or in a
 * worker of its own if it has a `signal` or a stream, which need this thread. For
 * many runs there is {@link createPool}.
 *
 * @example
 * const { exitCode, stdout } = await run("hello.wasm", { args: ["--help"] });
 *
 * @throws WasiKitError if the run could not start; its code says why. A guest
 * that traps, is ended or exits with an error does not throw: see
 * {@link RunResult}.
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/application-abi.md
 */
export async function run(source: ModuleSource, options: RunOptions = {}): Promise<RunResult> {
  checkOptionRules(options, runOptionRules, "run()");
  const needsThisThread = options.signal !== undefined || isStream(options.stdin);
  if (!needsThisThread) return runSync(source, options as SyncRunOptions);
  const { createPool } = await import("./pool/pool.ts");
  const pool = createPool({ size: 1 });
  try {
    return await pool.run(source, options);
  } finally {
    await pool.close();
  }
}

/**
 * Runs a command in this thread, and returns when the guest has ended.
 *
 * @throws WasiKitError as {@link run} does
 */
export function runSync(source: ModuleSource, options: SyncRunOptions = {}): RunResult {
  checkOptions(options, syncRunOptionRules, "runSync()");
  const loaded = loadModule(source, options.maxMemoryBytes);
  const guest = createCommand(loaded, options);
  try {
    return createResult(runCommand(guest), loaded, guest.stdout(), guest.stderr());
  } finally {
    guest.close();
  }
}
