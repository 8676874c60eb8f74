import { dispose } from "./realm/dispose-symbols.ts";
import { WasiKitError } from "./error.ts";
import { loadModule } from "./module/load-module.ts";
import type { ModuleSource } from "./module/load-module.ts";
import { checkOptions, syncRunOptionRules } from "./options.ts";
import type { SyncRunOptions } from "./options.ts";
import { createGuest } from "./guest/guest.ts";
import { describeTermination } from "./result.ts";
import type { Outcome, RunResult } from "./result.ts";
import type { Trap } from "./trap/trap.ts";

/** A library that was instantiated: its functions, and what it wrote. */
export interface Instance<Exports> {
  /** What the module exports. Each function is under the limits; a function that fails throws {@link GuestError}. */
  readonly exports: Exports;
  /** What was written to stdout so far, decoded as UTF-8; empty if it is not captured. */
  stdout(): string;
  /** What was written to stderr so far. */
  stderr(): string;
  /** Closes its files. Its functions must not be called any more. */
  close(): void;
  /** {@link Instance.close}, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Thrown by an exported function that did not return. The guest stays in the
 * state that it was in then: instantiate it again.
 */
export class GuestError extends Error {
  /** How it ended: `exited` if it called `proc_exit`, or as a run may end. */
  readonly outcome: Outcome;
  /** As in a {@link RunResult}. */
  readonly exitCode: number;
  /** How it trapped, if it did. */
  readonly trap: Trap | undefined;

  constructor(what: string, { outcome, exitCode, trap }: Pick<RunResult, "outcome" | "exitCode" | "trap">) {
    super(`${what} ${trap ? `trapped: ${trap.message}` : `ended: ${outcome}, exit code ${exitCode}`}`);
    this.name = "GuestError";
    this.outcome = outcome;
    this.exitCode = exitCode;
    this.trap = trap;
  }
}

/**
 * Makes a library's functions callable, in this thread, with what it is granted:
 * a reactor, whose `_initialize` is called here, or a module that needs no more
 * than its imports. `timeoutMs` applies to the start, and then to each call by
 * itself.
 *
 * @typeParam Exports - what it exports, as TypeScript sees it
 * @example
 * const { exports } = await instantiate<{ add(a: number, b: number): number }>("library.wasm");
 * exports.add(1, 2);
 *
 * @throws WasiKitError as {@link run} does, and `E_NOT_REACTOR` for a command
 * @throws GuestError if `_initialize` fails
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/application-abi.md
 */
export async function instantiate<Exports = WebAssembly.Exports>(
  source: ModuleSource,
  options: SyncRunOptions = {},
): Promise<Instance<Exports>> {
  checkOptions(options, syncRunOptionRules, "instantiate()");
  const loaded = loadModule(source, options.maxMemoryBytes);
  const { name } = loaded;
  if (WebAssembly.Module.exports(loaded.module).some((it) => it.name === "_start")) {
    throw new WasiKitError(
      "E_NOT_REACTOR",
      `${name} exports _start: it is a command, which runs once from its start to its end.\nRun it: run() of @wasi-kit/runner, or wasi-kit run.`,
    );
  }
  const guest = createGuest(loaded, { argv0: loaded.fileName ?? "module.wasm", ...options });
  const call = (what: string, make: () => void): void => {
    let hasReturned = false;
    const termination = guest.call(() => {
      make();
      hasReturned = true;
    });
    if (!hasReturned) throw new GuestError(what, describeTermination(termination, loaded));
  };

  let exported: WebAssembly.Exports = {};
  try {
    call(`${name}: its start`, () => {
      exported = guest.instantiate();
      (exported["_initialize"] as (() => void) | undefined)?.();
    });
  } catch (error) {
    guest.close();
    throw error;
  }
  const wrap =
    (key: string, it: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      let result: unknown;
      call(`${name}: ${key}`, () => {
        result = it(...args);
      });
      return result;
    };
  const exports = Object.fromEntries(
    Object.entries(exported).map(([key, it]) => [
      key,
      typeof it === "function" ? wrap(key, it as (...args: unknown[]) => unknown) : it,
    ]),
  );
  return {
    exports: exports as Exports,
    stdout: () => guest.stdout().toString(),
    stderr: () => guest.stderr().toString(),
    close: guest.close,
    [dispose]: guest.close,
  };
}
