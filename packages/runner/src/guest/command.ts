import { WasiKitError } from "../error.ts";
import type { LoadedModule } from "../module/load-module.ts";
import type { SyncRunOptions } from "../options.ts";
import type { Ending, Figures } from "../result.ts";
import type { Captures } from "../stdio/capture.ts";
import { createProgram } from "./guest.ts";
import type { Program } from "./guest.ts";

/**
 * Puts a command and its options, which were checked, together.
 *
 * @param captures - where captured output goes. Default: into memory
 * @throws WasiKitError `E_NO_START`, and as {@link createProgram} does
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
