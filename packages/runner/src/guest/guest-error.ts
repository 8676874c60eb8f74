import type { LimitName } from "../limits/limits.ts";
import type { Outcome } from "../outcome.ts";
import type { HostError, RunResult } from "../result.ts";
import { errorText } from "../text/error-text.ts";
import type { Trap } from "../trap/trap.ts";

/**
 * Thrown by an exported function that did not return. The guest is left in the
 * state that it was in at that point: instantiate the module again.
 */
export class GuestError extends Error {
  /** How the call ended: `exited` if the guest called `proc_exit`, or any other outcome of a run. */
  readonly outcome: Outcome;
  /** As in a {@link RunResult}. */
  readonly exitCode: number;
  /** How it trapped, if it did. */
  readonly trap: Trap | undefined;
  /** The function of the host that threw, if that ended the call. What it threw is also the `cause`. */
  readonly hostError: HostError | undefined;
  /** The limit that it ran into, as in a {@link RunResult}. */
  readonly limit: LimitName | undefined;

  constructor(what: string, ended: Pick<RunResult, "outcome" | "exitCode" | "trap" | "hostError" | "limit">) {
    const { outcome, exitCode, trap, hostError, limit } = ended;
    super(`${what} ${describeEnd(ended)}`, hostError && { cause: hostError.error });
    this.name = "GuestError";
    this.outcome = outcome;
    this.exitCode = exitCode;
    this.trap = trap;
    this.hostError = hostError;
    this.limit = limit;
  }
}

function describeEnd({
  outcome,
  exitCode,
  trap,
  hostError,
}: Pick<RunResult, "outcome" | "exitCode" | "trap" | "hostError">): string {
  if (trap) return `trapped: ${trap.message}`;
  return hostError
    ? `ended: ${hostError.function} threw: ${errorText(hostError.error)}`
    : `ended: ${outcome}, exit code ${exitCode}`;
}
