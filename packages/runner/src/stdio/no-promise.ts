import { WasiKitError } from "../error.ts";
import { isPromise } from "./streams.ts";

/**
 * Checks what a function returned that took output: a guest in the same thread, or in a web worker, can't wait for it.
 *
 * @param hasThreads - whether there are workers on this host in which a guest can wait
 * @throws WasiKitError `E_OPTION` for a promise
 */
export function requireNoPromise(returned: unknown, hasThreads: boolean): void {
  if (!isPromise(returned)) return;
  // What it is rejected with is nothing that anybody waits for.
  Promise.resolve(returned).catch(() => {});
  throw new WasiKitError(
    "E_OPTION",
    "A function that takes output returned a promise, and the guest can't wait for it here.\n" +
      (hasThreads
        ? "Declare it async, and pass it to run() or to run() of a pool: the guest has a worker then, where it can wait."
        : "Pass a function that is done when it returns: a guest in a browser can't wait."),
  );
}
