import type { GuestMemory } from "@wasi-kit/wasi";
import type { LoadedModule } from "../module/module.ts";
import type { Tape } from "../record/tape.ts";
import { isEngineError } from "../realm/engine-error.ts";
import type { HostError, Termination } from "../result.ts";
import { isStackOverflow } from "../trap/trap.ts";
import { createCallingGuest } from "./calling-guest.ts";
import type { RunningGuest } from "./calling-guest.ts";
import { givenFunctions } from "./given-functions.ts";
import type { GivenFunction } from "./given-functions.ts";
import { guarded } from "./guarded.ts";
import type { Imports } from "./imports.ts";

type Call = (...args: unknown[]) => unknown;

/** Functions of the host as one guest calls them. */
export interface HostCalls {
  /** What the guest imports. What one of them throws ends the guest. */
  readonly functions: readonly { readonly module: string; readonly name: string; readonly call: Call }[];
  /** To be called once the guest is instantiated. */
  started(exports: WebAssembly.Exports, memory: GuestMemory): void;
  /** Makes a call into the guest. If a function of the host threw in it, that is how the call ended. */
  watch(call: () => Termination): Termination;
}

/** Ends that a guest can bring about although a function threw: WebAssembly can catch what JavaScript throws. */
const ownEnds: ReadonlySet<Termination["outcome"]> = new Set(["exited", "trapped"]);

/**
 * Gives a guest the functions of the host that it imports.
 *
 * @param wanted - what it imports, without what WASI gives it
 * @param tape - what records how they call the guest. Default: none
 * @throws WasiKitError `E_IMPORTS` and `E_OPTION`, see {@link givenFunctions}
 */
export function createHostCalls(
  loaded: LoadedModule,
  wanted: readonly WebAssembly.ModuleImportDescriptor[],
  imports: Imports,
  tape?: Tape,
): HostCalls {
  let running: RunningGuest | undefined;
  /** What the call into the guest fails with. */
  let failure: HostError | undefined;
  /** What came out of the guest when a function called it: that is how the guest ended, unless the function catches it. */
  let passing: { readonly error: unknown; readonly failure: HostError | undefined } | undefined;
  /** The function that was called last whose results the engine checks, and not we. */
  let unchecked: string | undefined;

  const fail = (name: string, error: unknown): never => {
    // A full stack is the guest's end: it is the guest's stack, too.
    if (!isStackOverflow(error))
      failure = passing && passing.error === error ? passing.failure : { function: name, error };
    throw error;
  };
  const wrap = (given: GivenFunction): Call => {
    const name = `${given.module}.${given.name}`;
    const call = guarded(given, (error) => fail(name, error));
    if (given.signature) return call;
    return (...args) => {
      unchecked = name;
      return call(...args);
    };
  };
  const reentered =
    (call: Call): Call =>
    (...args) => {
      try {
        return call(...args);
      } catch (error) {
        passing = { error, failure };
        failure = undefined;
        throw error;
      }
    };
  const failureOf = (error: unknown): HostError | undefined => {
    // The engine calls a start section while it instantiates a module, which then fails because of it.
    const errors = [error, (error as Partial<Error> | undefined)?.cause];
    if (failure && errors.includes(failure.error)) return failure;
    return unchecked !== undefined && isEngineError(error, "TypeError") ? { function: unchecked, error } : undefined;
  };

  const guest = createCallingGuest(() => running, tape?.handOut);
  return {
    functions: givenFunctions(loaded, wanted, imports, guest).map((it) => ({ ...it, call: wrap(it) })),
    started(exports, memory) {
      const entries = Object.entries(exports).map(([name, it]) => [
        name,
        typeof it === "function" ? reentered((tape?.entering(name, it as Call) ?? it) as Call) : it,
      ]);
      running = {
        exports: Object.freeze(Object.fromEntries(entries)) as WebAssembly.Exports,
        ...(exports["memory"] instanceof WebAssembly.Memory ? { memory } : {}),
      };
    },
    watch(call) {
      const outer = failure;
      [failure, unchecked] = [undefined, undefined];
      try {
        const termination = call();
        return failure && ownEnds.has(termination.outcome) ? endedBy(failure) : termination;
      } catch (error) {
        const found = failureOf(error);
        if (!found) throw error;
        return endedBy(found);
      } finally {
        failure = outer;
      }
    },
  };
}

const endedBy = (hostError: HostError): Termination => ({ outcome: "host-error", hostError });
