import { errno } from "./abi/errno.ts";
import type { ErrnoName } from "./abi/errno.ts";

/**
 * Thrown to end a guest's call: the guest gets the errno. It is no `Error` and
 * has no stack, since guests fail often and on purpose.
 */
export class WasiError {
  /** The code, as the specification numbers it. */
  readonly errno: number;

  constructor(name: ErrnoName) {
    this.errno = errno[name];
  }
}

/** Whether what was thrown is a certain errno. */
export const isErrno = (error: unknown, name: ErrnoName): boolean =>
  error instanceof WasiError && error.errno === errno[name];
