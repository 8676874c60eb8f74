import { basename } from "node:path";
import { WasiKitError } from "./error.ts";
import { createGuest } from "./guest.ts";
import { checkImports } from "./imports.ts";
import { composeLayers } from "./layers/index.ts";
import { ProcessExit } from "./layers/system.ts";
import { loadModule, moduleName } from "./module.ts";
import type { ModuleSource } from "./module.ts";
import { checkOptions } from "./options.ts";
import type { RunOptions } from "./options.ts";
import { abis } from "./preview1/abi.ts";
import { createResult } from "./result.ts";
import type { Ending, RunResult } from "./result.ts";
import { asTrap } from "./trap.ts";

/**
 * Runs a command (a module that exports `_start`) with what it is granted, in
 * this thread: nothing else happens here until the guest ends.
 *
 * @example
 * const { exitCode, stdout } = await run("hello.wasm", { args: ["--help"] });
 *
 * @throws WasiKitError where the run could not start; its code says why. A
 * guest that traps or exits with an error does not throw: see {@link RunResult}.
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/application-abi.md
 */
export async function run(source: ModuleSource, options: RunOptions = {}): Promise<RunResult> {
  const name = moduleName(source);
  const granted = {
    argv0: typeof source === "object" && !(source instanceof URL) ? "module.wasm" : basename(name),
    ...options,
  };
  checkOptions(granted);
  const module = loadModule(source);
  checkStart(module, name);

  // Without imports nothing is called, and the version makes no difference.
  const abi = granted.wasi === false ? "wasi_snapshot_preview1" : checkImports(module, name);
  const guest = createGuest(abis[abi]);
  const host = composeLayers(guest, granted);
  try {
    const imports = granted.wasi === false ? {} : { [abi]: host.imports };
    const started = process.hrtime.bigint();
    const ending = execute(() => {
      const { exports } = instantiate(module, imports, name);
      if (exports["memory"] instanceof WebAssembly.Memory) guest.memory = exports["memory"];
      (exports["_start"] as () => void)();
    });
    return createResult(ending, host.stdout(), host.stderr(), millisecondsSince(started));
  } finally {
    host.close();
  }
}

// Not performance.now(): its first use loads two milliseconds' worth of modules.
const millisecondsSince = (started: bigint): number => Number(process.hrtime.bigint() - started) / 1e6;

function checkStart(module: WebAssembly.Module, name: string): void {
  const exports = WebAssembly.Module.exports(module);
  if (exports.some((it) => it.name === "_start" && it.kind === "function")) return;
  const names = exports.map((it) => it.name);
  throw new WasiKitError(
    "E_NO_START",
    `${name} exports no function _start, so it is not a command that can be run.\n` +
      `It exports: ${names.length > 0 ? names.join(", ") : "nothing"}. Build it as a program, not as a library.`,
  );
}

function instantiate(module: WebAssembly.Module, imports: WebAssembly.Imports, name: string): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, imports);
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof WebAssembly.LinkError)) throw cause;
    throw new WasiKitError(
      "E_IMPORTS",
      `${name} can't be instantiated without its imports.\n${cause.name}: ${cause.message}`,
      {
        cause,
      },
    );
  }
}

function execute(start: () => void): Ending {
  try {
    start();
    return { outcome: "exited", exitCode: 0 };
  } catch (error) {
    if (error instanceof ProcessExit) return { outcome: "exited", exitCode: error.exitCode };
    const trap = asTrap(error);
    if (trap) return { outcome: "trapped", trap };
    throw error;
  }
}
