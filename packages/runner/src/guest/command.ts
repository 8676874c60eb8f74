import { WasiKitError } from "../error.ts";
import type { Host } from "../host/host.ts";
import { checkImports } from "../module/check-imports.ts";
import type { LoadedModule } from "../module/module.ts";
import type { SyncRunOptions } from "../options.ts";
import { sealRecording } from "../record/seal.ts";
import type { Tape } from "../record/tape.ts";
import { createResult, describeTermination } from "../result.ts";
import type { CompletedRun, RunResult } from "../result.ts";
import type { Captures } from "../stdio/capture.ts";
import { createGuest } from "./guest.ts";
import type { Guest } from "./guest.ts";
import { measure } from "./measure.ts";

/**
 * A command with what it is granted, ready to run.
 *
 * @param options - checked
 * @param captures - where captured output goes, and where calls are counted. Default: memory
 * @param tape - as for {@link createGuest}
 * @throws WasiKitError `E_NO_START`, and as {@link createGuest} does
 */
export function createCommand(
  host: Host,
  loaded: LoadedModule,
  options: SyncRunOptions,
  captures?: Captures,
  tape?: Tape,
): Guest {
  // First, since a module that was built for another host often has no _start either.
  checkImports(loaded.module, loaded.name, options);
  requireStart(loaded);
  return createGuest(host, loaded, { argv0: loaded.fileName ?? "module.wasm", ...options }, captures, tape);
}

/** Runs a command from its start to its end. */
export function runCommand(host: Host, guest: Guest, loaded: LoadedModule): CompletedRun {
  const { result: termination, times } = measure(host, () =>
    guest.call(() => {
      const { _start: start } = guest.instantiate();
      (start as () => void)();
    }),
  );
  const { recorded, ...observed } = guest.finish();
  const report = { ...times, memoryBytes: guest.memoryBytes(), ...observed };
  if (!recorded) return { termination, report };
  // Here, and not where the result is put together: a worker's own thread has the time.
  const end = { ...describeTermination(termination, loaded, host), durationMs: times.durationMs };
  return { termination, report: { ...report, ...sealRecording(recorded, end, loaded, host) } };
}

/**
 * Runs a command in this thread, with what it is granted.
 *
 * @param options - checked
 * @throws WasiKitError as {@link createCommand} does
 */
export function runLoaded(host: Host, loaded: LoadedModule, options: SyncRunOptions): RunResult {
  const guest = createCommand(host, loaded, options);
  try {
    return createResult(runCommand(host, guest, loaded), loaded, guest.stdout(), guest.stderr(), host);
  } finally {
    guest.close();
  }
}

/** Modules that are known to be commands: to look at the exports takes a good part of a short run. */
const commands = new WeakSet<WebAssembly.Module>();

function requireStart({ module, name, startExport }: LoadedModule): void {
  if (commands.has(module)) return;
  const exports = WebAssembly.Module.exports(module);
  if (exports.some((it) => it.name === "_start" && it.kind === "function")) {
    commands.add(module);
    return;
  }
  const functions = exports.filter((it) => it.kind === "function" && it.name !== startExport).map((it) => it.name);
  throw new WasiKitError(
    "E_NO_START",
    `${name} exports no function _start, so it is not a command that can be run.\n` +
      `Functions that it exports: ${functions.toSorted().join(", ") || "none"}. Build it as a program, not as a library.\n` +
      "A library's functions are called from code: instantiate() of @wasi-kit/runner.",
  );
}
