import { WasiKitError } from "../error.ts";
import type { ErrorCode } from "../error.ts";
import { errorText } from "../text/error-text.ts";

/** What was thrown in a worker, as it can be sent. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a `WasiKitError`. */
  readonly code: ErrorCode | undefined;
}

/** What was thrown, to be sent. Something else than an error becomes one whose message is that. */
export function sentError(thrown: unknown): SentError {
  const { name, stack } = (thrown ?? {}) as Partial<Error>;
  return {
    name: typeof name === "string" ? name : "Error",
    message: errorText(thrown),
    stack: typeof stack === "string" ? stack : undefined,
    code: thrown instanceof WasiKitError ? thrown.code : undefined,
  };
}

/** The error again, on the other side. */
export function receivedError({ name, message, stack, code }: SentError): Error {
  if (code !== undefined) return new WasiKitError(code, message);
  const error = Object.defineProperty(new Error(message), "name", { value: name, configurable: true, writable: true });
  return Object.assign(error, stack === undefined ? {} : { stack });
}
