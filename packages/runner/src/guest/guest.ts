import { ProcessExit } from "@wasi-kit/wasi";
import { WasiKitError } from "../error.ts";
import { callWithLimits } from "../limits/call-with-limits.ts";
import { OutputTermination } from "../limits/output-limit.ts";
import { checkImports } from "../module/check-imports.ts";
import { checkMemory } from "../module/check-memory.ts";
import type { LoadedModule } from "../module/load-module.ts";
import type { SyncRunOptions } from "../options.ts";
import { isEngineError } from "../realm/engine-error.ts";
import type { Termination } from "../result.ts";
import { memoryCaptures } from "../stdio/capture.ts";
import type { Captures } from "../stdio/capture.ts";
import { asTrap, withFrames } from "../trap/trap.ts";
import { createGuestWasi } from "./guest-wasi.ts";
import type { Observations } from "./guest-wasi.ts";

/** A module with what it is granted. */
export interface Guest {
  /** Instantiates it. Call it once, within {@link Guest.call}. */
  instantiate(): WebAssembly.Exports;
  /** Makes a call into the guest, under the limits of the run, and says how the call ended. */
  call(call: () => void): Termination;
  /** What was written so far, if it is captured. */
  stdout(): Buffer;
  stderr(): Buffer;
  /** The size of the memory that it exports, in bytes. */
  memoryBytes(): number;
  /** Call it once the guest has ended: it writes what was buffered of its output, and says what was observed. */
  finish(): Observations;
  /** Closes what the guest left open. */
  close(): void;
}

/** Without imports nothing is called, and the version makes no difference. */
const noImports = { abi: "wasi_snapshot_preview1", names: [] } as const;
const returned: Termination = { outcome: "exited", exitCode: 0 };
const pageSize = 65_536;

/**
 * Puts a module and what it is granted together.
 *
 * @param captures - where captured output goes. Default: into memory
 * @throws WasiKitError `E_IMPORTS`, `E_STDIN` or `E_PREOPEN`
 */
export function createGuest(
  loaded: LoadedModule,
  options: SyncRunOptions,
  captures: Captures = memoryCaptures(),
): Guest {
  const { module, name } = loaded;
  const { abi, names } = options.wasi === false ? noImports : checkImports(module, name);
  checkMemory(module, names, name);
  const wasi = createGuestWasi(options, captures, abi, names);
  const imports = options.wasi === false ? {} : { [abi]: wasi.imports };
  const memoryBytes = (): number => wasi.memory.memory.buffer.byteLength;
  const isMemoryFull = (): boolean => memoryBytes() + pageSize > (options.maxMemoryBytes ?? Infinity);

  return {
    instantiate() {
      const { exports } = instantiate(module, imports, name);
      if (exports["memory"] instanceof WebAssembly.Memory) wasi.memory.memory = exports["memory"];
      return exports;
    },
    call(call) {
      try {
        const interruption = withFrames(() => callWithLimits(call, options));
        return interruption === undefined ? returned : { outcome: interruption };
      } catch (error) {
        if (error instanceof ProcessExit) return { outcome: "exited", exitCode: error.exitCode };
        if (error instanceof OutputTermination) return { outcome: error.outcome };
        const trap = asTrap(error, loaded);
        if (!trap) throw error;
        return { outcome: isMemoryFull() ? "out-of-memory" : "trapped", trap };
      }
    },
    stdout: captures[0].content,
    stderr: captures[1].content,
    memoryBytes,
    finish: wasi.finish,
    close: wasi.close,
  };
}

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
