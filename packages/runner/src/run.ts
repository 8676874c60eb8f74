import { runLoaded } from "./guest/command.ts";
import { nodeHost } from "./host/node.ts";
import { areInModule, loadImports, moduleUrl } from "./imports/load-imports.ts";
import { interruptLoops } from "./limits/interrupt-loops.ts";
import { hasDeadline } from "./limits/limits.ts";
import { loadModule } from "./module/load-module.ts";
import type { ModuleSource } from "./module/module.ts";
import { checkOptionRules } from "./option-rules.ts";
import { checkOptions, runOptionRules, syncRunOptionRules } from "./options.ts";
import type { RunOptions, SyncRunOptions } from "./options.ts";
import type { RunResult } from "./result.ts";
import { isAsyncFunction, isInputStream, isOutputStream } from "./stdio/streams.ts";

/**
 * Runs a command (a module that exports `_start`) with what it is granted. It
 * runs in this thread, which does nothing else until the guest ends. A run with a
 * `signal`, `maxCpuMs`, a stream or an `async` function needs this thread
 * meanwhile, and gets a worker of its own. For many runs, use {@link createPool}.
 *
 * @example
 * const { exitCode, stdout } = await run("hello.wasm", { args: ["--help"] });
 *
 * @throws WasiKitError if the run could not start; its code says why. Nothing is
 * thrown if the guest traps, reaches a limit or exits with an error: see
 * {@link RunResult}.
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/application-abi.md
 */
export async function run(source: ModuleSource, options: RunOptions = {}): Promise<RunResult> {
  checkOptionRules(options, runOptionRules, "run()");
  if (!needsThisThread(options)) {
    const { imports } = options;
    if (!areInModule(imports)) return runSync(source, options as SyncRunOptions);
    return runSync(source, {
      ...(options as SyncRunOptions),
      imports: await loadImports(moduleUrl(imports, nodeHost)),
    });
  }
  const { startPool } = await import("./pool/node-pool.ts");
  const pool = startPool({ size: 1 }, {});
  try {
    return await pool.run(source, options);
  } finally {
    await pool.close();
  }
}

/** Whether something of a run happens in this thread while the guest runs. */
const needsThisThread = ({ signal, maxCpuMs = Infinity, stdin, stdout, stderr }: RunOptions): boolean =>
  signal !== undefined ||
  maxCpuMs < Infinity ||
  isInputStream(stdin) ||
  [stdout, stderr].some((it) => isOutputStream(it) || isAsyncFunction(it));

/**
 * Runs a command in this thread, and returns when the guest has ended.
 *
 * @throws WasiKitError as {@link run} does
 */
export function runSync(source: ModuleSource, options: SyncRunOptions = {}): RunResult {
  checkOptions(options, syncRunOptionRules, "runSync()", nodeHost);
  if (hasDeadline(options)) interruptLoops();
  return runLoaded(nodeHost, loadModule(source, options), options);
}
