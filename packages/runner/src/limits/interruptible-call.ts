/** What a call may be ended by, from outside. */
export interface Ends {
  /** Milliseconds after which it is ended. Default: never. */
  timeoutMs?: number | undefined;
  /** Whether Ctrl-C (SIGINT) ends it. Default: `false`. */
  breakOnSigint?: boolean | undefined;
}

/** How a call ended that did not come to its end by itself. */
export type CutShort = "timed-out" | "aborted";

const codes: Readonly<Record<string, CutShort>> = {
  ERR_SCRIPT_EXECUTION_TIMEOUT: "timed-out",
  ERR_SCRIPT_EXECUTION_INTERRUPTED: "aborted",
};

const watched = Symbol.for("wasi-kit.watched");

/** The global object that the script below has: not `globalThis` where this is in a realm of its own (node:vm). */
let globals: Record<symbol, unknown> | undefined;

/**
 * Makes a call that may never come to its end, and ends it where it must: a
 * loop in WebAssembly, or a wait of ours. node:vm has a thread that watches a
 * script and stops the engine, so a script is what makes the call. No worker
 * is needed, and what was done so far is still there afterwards.
 *
 * A thread that waits in the system (a read that nothing comes for) is not
 * stopped: what calls the host must not wait there.
 *
 * @returns how it was cut short, or undefined where it came to its end
 * @throws what the call throws
 * @see https://nodejs.org/api/vm.html#scriptruninthiscontextoptions
 */
export function watch(call: () => void, { timeoutMs, breakOnSigint = false }: Ends): CutShort | undefined {
  if (timeoutMs === undefined && !breakOnSigint) {
    call();
    return undefined;
  }
  const { Script } = process.getBuiltinModule("node:vm");
  const global = (globals ??= new Script("globalThis").runInThisContext() as Record<symbol, unknown>);
  // A script finds a function through the global object only. It is there until the call begins.
  global[watched] = () => {
    delete global[watched];
    call();
  };
  const script = new Script('globalThis[Symbol.for("wasi-kit.watched")]()');
  const timeout = timeoutMs === undefined ? {} : { timeout: Math.max(1, Math.ceil(timeoutMs)) };
  try {
    script.runInThisContext({ displayErrors: false, breakOnSigint, ...timeout });
    return undefined;
  } catch (error) {
    const how = codes[(error as NodeJS.ErrnoException | undefined)?.code ?? ""];
    if (!how) throw error;
    return how;
  }
}
