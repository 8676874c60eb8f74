import { ProcessExit } from "@wasi-kit/wasi";
import type { GuestMemory } from "@wasi-kit/wasi";
import { WasiKitError } from "../error.ts";
import type { Host } from "../host/host.ts";
import { checkImports } from "../module/check-imports.ts";
import { createHostCalls } from "../imports/host-calls.ts";
import { checkMemory } from "../module/check-memory.ts";
import type { LimitName } from "../limits/limits.ts";
import { RunTermination } from "../limits/run-termination.ts";
import type { LimitedTable } from "../limits/module-limits.ts";
import type { LoadedModule } from "../module/module.ts";
import type { SyncRunOptions } from "../options.ts";
import { recordingTape } from "../record/recording-tape.ts";
import type { Tape } from "../record/tape.ts";
import { isEngineError } from "../realm/engine-error.ts";
import type { Termination } from "../result.ts";
import { memoryCaptures } from "../stdio/capture.ts";
import type { Captures } from "../stdio/capture.ts";
import type { TracedCall } from "../trace/traced-call.ts";
import { asTrap, withFrames } from "../trap/trap.ts";
import { createGuestWasi } from "./guest-wasi.ts";
import type { Observations } from "./guest-wasi.ts";

/** A module with what it is granted. */
export interface Guest {
  /** Instantiates it. Call it once, within {@link Guest.call}. */
  instantiate(): WebAssembly.Exports;
  /** Makes a call into the guest, under the limits of the run, and says how the call ended. */
  call(call: () => void): Termination;
  /** The memory that it exports, if it does. */
  memory(): GuestMemory | undefined;
  /** What was written so far, if it is captured. */
  stdout(): Uint8Array;
  stderr(): Uint8Array;
  /** The calls so far, if they are kept. */
  trace(): readonly TracedCall[];
  /** The size of the memory that it exports, in bytes. */
  memoryBytes(): number;
  /** Call it once the guest has ended: it writes what was buffered of its output, and says what was observed. */
  finish(): Observations;
  /** Closes what the guest left open. */
  close(): void;
}

const returned: Termination = { outcome: "exited", exitCode: 0 };
const pageSize = 65_536;

/**
 * Puts a module and what it is granted together.
 *
 * @param captures - where captured output goes, and where calls are counted. Default: memory
 * @param tape - what records the calls, or answers them. Default: one that records, if `options` say so
 * @throws WasiKitError `E_IMPORTS`, `E_STDIN` or `E_PREOPEN`
 */
export function createGuest(
  host: Host,
  loaded: LoadedModule,
  options: SyncRunOptions,
  captures: Captures = memoryCaptures(),
  tape: Tape | undefined = options.record ? recordingTape() : undefined,
): Guest {
  const { module, name, startExport, limitedTables = [] } = loaded;
  const { abi, names, others: wanted } = checkImports(module, name, options);
  checkMemory(module, names, name);
  const calls = options.imports && createHostCalls(loaded, wanted, options.imports, tape);
  const wasi = createGuestWasi(host, options, captures, abi, names, tape);
  const imports: WebAssembly.Imports = options.wasi === false ? {} : { [abi]: wasi.imports };
  for (const it of calls?.functions ?? [])
    (imports[it.module] ??= {})[it.name] = wasi.observe(it.module, it.name, it.call);
  const memoryBytes = (): number => wasi.memory.memory.buffer.byteLength;
  const isMemoryFull = (): boolean => memoryBytes() + pageSize > (options.maxMemoryBytes ?? Infinity);
  let tables: (readonly [table: WebAssembly.Table, limited: LimitedTable])[] = [];
  let startBytes = 0;
  let hasMemory = false;
  /** The limit that it grew up to: the engine does not say what it refused. */
  const limitOfGrowth = (): LimitName | undefined => {
    if (isMemoryFull() && memoryBytes() > startBytes) return "maxMemoryBytes";
    const isFull = tables.some(([{ length }, { minimum, maximum }]) => length === maximum && length > minimum);
    return isFull ? "maxTableElements" : undefined;
  };

  /** How it ended, unless a call of it was to end it: it may have caught what that threw. */
  const endedByCall = (other: Termination, error?: unknown): Termination => {
    const { outcome, limit } = wasi.terminated() ?? (error instanceof RunTermination ? error : {});
    return outcome ? { outcome, limit } : other;
  };
  const end = (call: () => void): Termination => {
    try {
      const interruption = withFrames(() => host.callWithLimits(call, options));
      if (interruption === undefined) return endedByCall(returned);
      return interruption === "timed-out" ? { outcome: interruption, limit: "timeoutMs" } : { outcome: interruption };
    } catch (error) {
      // A call of its start section failed for want of the memory, whatever happened after that.
      if (wasi.memory.wasMissed) throw memoryMissed(name);
      if (error instanceof ProcessExit) return endedByCall({ outcome: "exited", exitCode: error.exitCode });
      const trap = asTrap(error, loaded);
      if (!trap && !(error instanceof RunTermination)) throw error;
      return endedByCall(
        isMemoryFull() ? { outcome: "out-of-memory", trap, limit: "maxMemoryBytes" } : { outcome: "trapped", trap },
        error,
      );
    }
  };

  return {
    instantiate() {
      const { exports } = instantiate(module, imports, name);
      if (wasi.memory.wasMissed) throw memoryMissed(name);
      hasMemory = exports["memory"] instanceof WebAssembly.Memory;
      if (hasMemory) wasi.memory.memory = exports["memory"] as WebAssembly.Memory;
      startBytes = memoryBytes();
      tables = limitedTables.map((it) => [exports[it.name] as WebAssembly.Table, it]);
      const own = withoutExports(exports, [
        ...(startExport === undefined ? [] : [startExport]),
        ...limitedTables.map((it) => it.name),
      ]);
      calls?.started(own, wasi.memory);
      if (startExport !== undefined) (exports[startExport] as () => void)();
      return own;
    },
    call(call) {
      const termination = calls ? calls.watch(() => end(call)) : end(call);
      const limit = termination.limit ?? wasi.limit() ?? limitOfGrowth();
      return limit ? { ...termination, limit } : termination;
    },
    stdout: captures.stdout.content,
    stderr: captures.stderr.content,
    trace: wasi.trace,
    memory: () => (hasMemory ? wasi.memory : undefined),
    memoryBytes,
    finish: wasi.finish,
    close: wasi.close,
  };
}

/** Exports without those that were added to the module. */
function withoutExports(exports: WebAssembly.Exports, added: readonly string[]): WebAssembly.Exports {
  if (added.length === 0) return exports;
  return Object.fromEntries(Object.entries(exports).filter(([name]) => !added.includes(name)));
}

/** A start section is taken out of the bytes of a module; out of one that comes compiled, it can't be. */
const memoryMissed = (name: string): WasiKitError =>
  new WasiKitError(
    "E_IMPORTS",
    `${name} calls WASI from its start section, and came compiled, so that its memory is not there yet.\n` +
      "Pass the path of its file, or its bytes.",
  );

function instantiate(module: WebAssembly.Module, imports: WebAssembly.Imports, name: string): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, imports);
  } catch (cause) {
    if (isEngineError(cause, "RangeError") && cause.message.includes("Out of memory")) {
      throw new WasiKitError("E_MEMORY", `${name} needs more memory to start than this machine can give it.`, {
        cause,
      });
    }
    if (!(isEngineError(cause, "TypeError") || isEngineError(cause, "LinkError"))) throw cause;
    throw new WasiKitError(
      "E_IMPORTS",
      `${name} can't be instantiated without its imports.\n${cause.name}: ${cause.message}`,
      { cause },
    );
  }
}
