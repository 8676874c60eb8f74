import { errno } from "../../abi/errno.ts";
import type { ErrnoName } from "../../abi/errno.ts";
import { WasiError } from "../../wasi-error.ts";

/**
 * The `WasiError` for an error of `node:fs`: `ENOENT` is `noent`. An error without
 * a code is a bug, and is passed on.
 */
function asWasiError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const name = code.slice(1).toLowerCase();
  return new WasiError(Object.hasOwn(errno, name) ? (name as ErrnoName) : "io");
}

/** Calls `node:fs`. @throws WasiError for its errors */
export function onHost<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw asWasiError(error);
  }
}
