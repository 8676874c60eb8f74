import type { CallLimits, Interruption } from "./limits.ts";

const interruptions: Readonly<Record<string, Interruption>> = {
  ERR_SCRIPT_EXECUTION_TIMEOUT: "timed-out",
  ERR_SCRIPT_EXECUTION_INTERRUPTED: "aborted",
};

const limitedCall = Symbol.for("wasi-kit.limited-call");

/** The global object of the script below: not `globalThis` if this is in a realm of its own (node:vm). */
let globals: Record<symbol, unknown> | undefined;

/**
 * Makes a call that may never return, and ends it early at a limit: an endless
 * loop in WebAssembly, or a wait of ours. node:vm has a thread that watches a
 * script and stops the engine, so a script makes the call. That needs no worker,
 * and what the guest did until then is still there.
 *
 * A thread that waits in the system (a read that nothing comes for) is not
 * stopped, so nothing that calls the host may wait there.
 *
 * @returns why it was ended early, or undefined if it returned
 * @throws what the call throws
 * @see https://nodejs.org/api/vm.html#scriptruninthiscontextoptions
 */
export function callWithLimits(
  call: () => void,
  { timeoutMs = Infinity, handleSigint = false }: CallLimits,
): Interruption | undefined {
  if (timeoutMs === Infinity && !handleSigint) {
    call();
    return undefined;
  }
  const { Script } = process.getBuiltinModule("node:vm");
  const global = (globals ??= new Script("globalThis").runInThisContext() as Record<symbol, unknown>);
  // A script finds a function only through the global object. It is there until the call begins.
  global[limitedCall] = () => {
    delete global[limitedCall];
    call();
  };
  const script = new Script('globalThis[Symbol.for("wasi-kit.limited-call")]()');
  const timeout = timeoutMs === Infinity ? {} : { timeout: Math.max(1, Math.ceil(timeoutMs)) };
  try {
    script.runInThisContext({ displayErrors: false, breakOnSigint: handleSigint, ...timeout });
    return undefined;
  } catch (error) {
    const interruption = interruptions[(error as NodeJS.ErrnoException | undefined)?.code ?? ""];
    if (!interruption) throw error;
    return interruption;
  } finally {
    // The time may be over before the call begins.
    delete global[limitedCall];
  }
}
