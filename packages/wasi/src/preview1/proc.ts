import { errno } from "../abi/errno.ts";
import type { Preview1 } from "../abi/functions.ts";

/** Thrown by `proc_exit` to leave the guest. */
export class ProcessExit {
  readonly exitCode: number;

  constructor(exitCode: number) {
    this.exitCode = exitCode;
  }
}

/** @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#proc_exit */
export const procCalls: Pick<Preview1, "proc_exit" | "proc_raise" | "sched_yield"> = {
  proc_exit(exitCode) {
    throw new ProcessExit(exitCode >>> 0);
  },
  // A guest has no process of its own: a signal would be raised in the host.
  proc_raise: () => errno.notsup,
  sched_yield: () => errno.success,
};
