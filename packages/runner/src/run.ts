import type { Captures } from "./capture.ts";
import { WasiKitError } from "./error.ts";
import { loadModule } from "./module.ts";
import type { LoadedModule, ModuleSource } from "./module.ts";
import { checkOptions, isStream } from "./options.ts";
import type { RunOptions, SyncRunOptions } from "./options.ts";
import { createProgram } from "./program.ts";
import type { Program } from "./program.ts";
import { createResult, endOf } from "./result.ts";
import type { Ending, Figures, RunResult } from "./result.ts";

/**
 * Runs a command (a module that exports `_start`) with what it is granted: in
 * this thread, so that nothing else happens here until the guest ends, or in a
 * worker of its own where it is given a `signal` or a stream, which need this
 * thread. For many runs there is {@link createPool}.
 *
 * @example
 * const { exitCode, stdout } = await run("hello.wasm", { args: ["--help"] });
 *
 * @throws WasiKitError where the run could not start; its code says why. A
 * guest that traps, is ended or exits with an error does not throw: see
 * {@link RunResult}.
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/application-abi.md
 */
export async function run(source: ModuleSource, options: RunOptions = {}): Promise<RunResult> {
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
 * Runs a command in this thread, and comes back when the guest has ended.
 *
 * @throws WasiKitError as {@link run} does
 */
export function runSync(source: ModuleSource, options: SyncRunOptions = {}): RunResult {
  checkOptions(options);
  const loaded = loadModule(source, options.maxMemoryBytes);
  const program = prepare(loaded, options);
  try {
    const { ending, figures } = execute(program);
    return createResult(endOf(ending, loaded), program.stdout(), program.stderr(), figures);
  } finally {
    program.close();
  }
}

/**
 * Puts a command and its options, which were checked, together.
 *
 * @param captures - where captured output goes. Default: into memory
 */
export function prepare(loaded: LoadedModule, options: SyncRunOptions, captures?: Captures): Program {
  checkStart(loaded);
  return createProgram(loaded, { argv0: loaded.fileName ?? "module.wasm", ...options }, captures);
}

/** Runs a command from its start to its end. */
export function execute(program: Program): { ending: Ending; figures: Figures } {
  // Not performance.now(): its first use loads two milliseconds' worth of modules.
  const started = process.hrtime.bigint();
  const ending = program.call(() => {
    const { _start: start } = program.instantiate();
    (start as () => void)();
  });
  const durationMs = Number(process.hrtime.bigint() - started) / 1e6;
  return { ending, figures: { durationMs, memoryBytes: program.memoryBytes(), ...program.finish() } };
}

/** Modules that were found to be commands: to ask costs a good part of a short run. */
const commands = new WeakSet<WebAssembly.Module>();

function checkStart({ module, name }: LoadedModule): void {
  if (commands.has(module)) return;
  const exports = WebAssembly.Module.exports(module);
  if (exports.some((it) => it.name === "_start" && it.kind === "function")) {
    commands.add(module);
    return;
  }
  const functions = exports.filter((it) => it.kind === "function").map((it) => it.name);
  throw new WasiKitError(
    "E_NO_START",
    `${name} exports no function _start, so it is not a command that can be run.\n` +
      `Functions that it exports: ${functions.toSorted().join(", ") || "none"}. Build it as a program, not as a library.\n` +
      "A library's functions are called from code: instantiate() of @wasi-kit/runner.",
  );
}
