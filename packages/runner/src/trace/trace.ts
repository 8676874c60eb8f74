import type { FunctionName, Preview1 } from "@wasi-kit/wasi/abi";
import { errnoNames } from "@wasi-kit/wasi/abi";
import type { Argument, Decoder } from "./decode.ts";
import type { TracedCall } from "./traced-call.ts";

/** Calls that are traced. */
export interface TracedCalls {
  readonly calls: Preview1;
  /** Call it when the guest has ended: it passes on the call in which the guest was ended, if any. */
  end(): void;
}

/**
 * Wraps calls so that a listener gets each of them when it has returned. The
 * guest gets what it would get without a listener.
 *
 * @param isTimed - whether to measure how long each took
 */
export function traceCalls(
  calls: Preview1,
  decoder: Decoder,
  listener: (call: TracedCall) => void,
  isTimed: boolean,
): TracedCalls {
  let pending: TracedCall | undefined;
  const end = (): void => {
    const ended = pending;
    pending = undefined;
    if (ended) listener(ended);
  };

  const wrap =
    (name: FunctionName, call: (...args: Argument[]) => number) =>
    (...args: Argument[]): number => {
      const decoded = decoder.args(name, args);
      pending = { name, args: decoded };
      const started = isTimed ? performance.now() : 0;
      // A call that does not return throws, or the engine stops it: end() is for both.
      const code = call(...args);
      const durationMs = isTimed ? Math.round((performance.now() - started) * 1e6) / 1e6 : undefined;
      pending = undefined;
      listener({
        name,
        args: decoded,
        errno: errnoNames[code] as NonNullable<TracedCall["errno"]>,
        ...(code === 0 ? { results: decoder.results(name, args) } : {}),
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
