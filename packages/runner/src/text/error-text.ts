import { showValue } from "@wasi-kit/wasi";

/** What was thrown, as text: the message of an error, or any other value. */
export function errorText(thrown: unknown): string {
  const message: unknown = (thrown as Partial<Error> | undefined | null)?.message;
  return typeof message === "string" ? message : showValue(thrown);
}
