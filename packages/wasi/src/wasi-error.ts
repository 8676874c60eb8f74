import { errno } from "./abi/errno.ts";
import type { ErrnoName } from "./abi/errno.ts";
import type { WasiLimitName } from "./limits.ts";

/**
 * Thrown to fail a guest's call with an errno. It is not an `Error` and has no
 * stack trace, since calls of guests fail often and on purpose.
 */
export class WasiError {
  /** The code, as the specification numbers it. */
  readonly errno: number;
  /** The limit that the call would have exceeded, if that is why it fails. */
  readonly limit: WasiLimitName | undefined;

  constructor(name: ErrnoName, limit?: WasiLimitName) {
    this.errno = errno[name];
    this.limit = limit;
  }
}

/** Whether an error is a `WasiError` with this errno. */
export const isErrno = (error: unknown, name: ErrnoName): boolean =>
  error instanceof WasiError && error.errno === errno[name];
