import type { FunctionName, Preview1 } from "@wasi-kit/wasi/abi";
import { errnoNames } from "@wasi-kit/wasi/abi";
import type { Argument, Decoder } from "./decode.ts";
import type { TracedCall } from "./traced-call.ts";

/** Calls that tell of themselves. */
export interface Traced {
  readonly calls: Preview1;
  /** To be called when the guest has ended: tells of the call in which it was ended, if any. */
  end(): void;
}

/**
 * Wraps calls so that each is told to a listener when it came back. It is told
 * what the guest gets, and the guest gets what it would without.
 *
 * @param isTimed - whether to say how long each took
 */
export function traceCalls(
  calls: Preview1,
  decoder: Decoder,
  listener: (call: TracedCall) => void,
  isTimed: boolean,
): Traced {
  let pending: TracedCall | undefined;
  const end = (): void => {
    const ended = pending;
    pending = undefined;
    if (ended) listener(ended);
  };

  const wrap =
    (name: FunctionName, call: (...args: Argument[]) => number) =>
    (...args: Argument[]): number => {
      const given = decoder.given(name, args);
      pending = { name, given };
      const started = isTimed ? performance.now() : 0;
      // What does not come back leaves by an error, or by nothing at all: end() is for both.
      const code = call(...args);
      const durationMs = isTimed ? Math.round((performance.now() - started) * 1e6) / 1e6 : undefined;
      pending = undefined;
      listener({
        name,
        given,
        errno: errnoNames[code] as NonNullable<TracedCall["errno"]>,
        ...(code === 0 ? { answer: decoder.answer(name, args) } : {}),
        ...(durationMs === undefined ? {} : { durationMs }),
      });
      return code;
    };
  const traced = Object.entries(calls).map(([name, call]) => [
    name,
    wrap(name as FunctionName, call as (...args: Argument[]) => number),
  ]);
  return { calls: Object.fromEntries(traced) as Preview1, end };
}
