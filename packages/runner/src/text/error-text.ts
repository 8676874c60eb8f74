import { showValue } from "@wasi-kit/wasi";

/** What was thrown, in a message: an error's message, and anything else as a value. */
export function errorText(thrown: unknown): string {
  const message: unknown = (thrown as Partial<Error> | undefined | null)?.message;
  return typeof message === "string" ? message : showValue(thrown);
}
