import type { FunctionName, Preview1 } from "@wasi-kit/wasi/abi";
import { errnoNames } from "@wasi-kit/wasi/abi";
import type { Argument, Decoder } from "./decode.ts";
import type { HostCall, TracedCall, WasiCall } from "./traced-call.ts";
import { hostValue } from "./values.ts";

type AnyFunction = (...args: never[]) => unknown;

/** Calls that are traced. */
export interface TracedCalls {
  readonly calls: Preview1;
  /** A function of the host that is traced too. */
  host(module: string, name: string, call: AnyFunction): AnyFunction;
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

  const now = (): number => (isTimed ? performance.now() : 0);
  const since = (started: number): { durationMs?: number } =>
    isTimed ? { durationMs: Math.round((performance.now() - started) * 1e6) / 1e6 } : {};

  const wrap =
    (name: FunctionName, call: (...args: Argument[]) => number) =>
    (...args: Argument[]): number => {
      const decoded = decoder.args(name, args);
      pending = { name, args: decoded };
      const started = now();
      // A call that does not return throws, or the engine stops it: end() is for both.
      const code = call(...args);
      const took = since(started);
      pending = undefined;
      listener({
        name,
        args: decoded,
        errno: errnoNames[code] as NonNullable<WasiCall["errno"]>,
        ...(code === 0 ? { results: decoder.results(name, args) } : {}),
        ...took,
      });
      return code;
    };
  const traced = Object.entries(calls).map(([name, call]) => [
    name,
    wrap(name as FunctionName, call as (...args: Argument[]) => number),
  ]);
  const host: TracedCalls["host"] =
    (module, name, call) =>
    (...args) => {
      const made: HostCall = { module, name, args: args.map(hostValue) };
      // It may call the guest, which makes calls of its own.
      const outer = pending;
      pending = made;
      const started = now();
      const result = call(...args);
      const took = since(started);
      pending = outer;
      const results = Array.isArray(result) ? result : result === undefined ? [] : [result];
      listener({ ...made, results: results.map(hostValue), ...took });
      return result;
    };
  return { calls: Object.fromEntries(traced) as Preview1, host, end };
}
