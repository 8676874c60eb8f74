import { WasiKitError } from "../error.ts";
import { checkImports } from "../module/check-imports.ts";
import type { LoadedModule } from "../module/load-module.ts";
import type { SyncRunOptions } from "../options.ts";
import type { CompletedRun } from "../result.ts";
import type { Captures } from "../stdio/capture.ts";
import { createGuest } from "./guest.ts";
import type { Guest } from "./guest.ts";

/**
 * A command with what it is granted, ready to run.
 *
 * @param options - checked
 * @param captures - where captured output goes. Default: into memory
 * @throws WasiKitError `E_NO_START`, and as {@link createGuest} does
 */
export function createCommand(loaded: LoadedModule, options: SyncRunOptions, captures?: Captures): Guest {
  // First, since a module that was built for another host often has no _start either.
  if (options.wasi !== false) checkImports(loaded.module, loaded.name);
  requireStart(loaded);
  return createGuest(loaded, { argv0: loaded.fileName ?? "module.wasm", ...options }, captures);
}

/** Runs a command from its start to its end. */
export function runCommand(guest: Guest): CompletedRun {
  // Not performance.now(): its first use loads two milliseconds' worth of modules.
  const started = process.hrtime.bigint();
  const termination = guest.call(() => {
    const { _start: start } = guest.instantiate();
    (start as () => void)();
  });
  const durationMs = Number(process.hrtime.bigint() - started) / 1e6;
  return { termination, report: { durationMs, memoryBytes: guest.memoryBytes(), ...guest.finish() } };
}

/** Modules that are known to be commands: to look at the exports takes a good part of a short run. */
const commands = new WeakSet<WebAssembly.Module>();

function requireStart({ module, name }: LoadedModule): void {
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
