import { bytesOf } from "@wasi-kit/wasi";
import { closestMatch } from "leven";
import { WasiKitError } from "../error.ts";
import { GuestError } from "../guest/guest-error.ts";
import type { Host } from "../host/host.ts";
import type { LoadedModule } from "../module/module.ts";
import { abortSignal, checkOptionRules, milliseconds } from "../option-rules.ts";
import type { OptionRules } from "../option-rules.ts";
import { asyncDispose } from "../realm/dispose-symbols.ts";
import { describeTermination } from "../result.ts";
import type { CompletedRun } from "../result.ts";
import { utf8Text } from "../text/bytes.ts";
import type { JobBase } from "./job-base.ts";
import type { InstanceRequest } from "./messages.ts";
import type { RunFailure } from "./run-handle.ts";

type AnyFunction = (...args: never[]) => unknown;

/** The functions that a library exports. Each returns a promise, since the guest is in another thread. */
export type PooledExports<Exports> = {
  readonly [Name in keyof Exports as Exports[Name] extends AnyFunction ? Name : never]: Exports[Name] extends (
    ...args: infer Args
  ) => infer Result
    ? (...args: Args) => Promise<Result>
    : never;
};

/** The exports of a library if their types are not given. */
export type UnknownExports = Record<string, (...args: (number | bigint)[]) => unknown>;

/** Options of a call into an instance. */
export interface CallOptions {
  /** Milliseconds after which the call and the instance end. Default: `timeoutMs` of the instance. */
  timeoutMs?: number;
  /** When it is aborted, the call and the instance end. */
  signal?: AbortSignal;
}

/** What each option of a call may be. */
export const callOptionRules: OptionRules<CallOptions> = { timeoutMs: milliseconds, signal: abortSignal };

/**
 * A library in a worker of a pool. Nothing else uses that worker until the instance
 * is closed. Its calls are made one after another. If a call does not return (after
 * a trap, a deadline or an abort), it fails with a {@link GuestError}, and the
 * instance ends: later calls fail with `E_INSTANCE_ENDED`. Other instances and runs
 * are not affected.
 */
export interface PooledInstance<Exports = UnknownExports> {
  /** The functions that the module exports. They take and return numbers and bigints, and can't pass references. */
  readonly exports: PooledExports<Exports>;
  /** Calls an exported function with a deadline or a signal of its own. */
  call<Name extends keyof PooledExports<Exports>>(
    name: Name,
    args: Parameters<PooledExports<Exports>[Name]>,
    options?: CallOptions,
  ): ReturnType<PooledExports<Exports>[Name]>;
  /** Copies bytes from its memory. Rejects with a `GuestMemoryError` if they go past the end. */
  bytes(address: number, size: number): Promise<Uint8Array>;
  /** Text in its memory, decoded as UTF-8. @param size - in bytes. Default: up to the first NUL */
  text(address: number, size?: number): Promise<string>;
  /** Writes bytes to its memory, or a text as UTF-8. Returns how many bytes. */
  write(address: number, data: string | Uint8Array): Promise<number>;
  /** What was written to stdout so far, decoded as UTF-8; empty if it is not captured. */
  stdout(): string;
  /** What was written to stderr so far. */
  stderr(): string;
  /** Waits for the calls that were made, closes its files, and returns the worker to the pool. */
  close(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A worker that has an instance. */
export interface InstanceSession {
  /** Asks it. Never rejects. */
  ask(request: InstanceRequest, options: CallOptions): Promise<CompletedRun | RunFailure>;
  /** Whether it can be asked again. */
  isAlive(): boolean;
  /** Gives the worker back. */
  end(): void;
  /** Fulfilled when that is done. */
  readonly ended: Promise<unknown>;
}

/** An instance as a caller sees it, and the way to say that it is gone. */
export interface OpenInstance {
  readonly instance: PooledInstance;
  /** Says that its worker was ended while nothing was asked. */
  lose(reason: string): void;
}

/** @param names - the functions that it exports */
export function openInstance(
  host: Host,
  loaded: LoadedModule,
  { stdout, stderr }: JobBase,
  names: readonly string[],
  session: InstanceSession,
): OpenInstance {
  let endedBy: string | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(make: () => Promise<T>): Promise<T> => {
    const result = last.then(make);
    last = result.catch(() => {});
    return result;
  };
  const end = (why: string): void => {
    if (endedBy !== undefined) return;
    endedBy = why;
    session.end();
  };
  /** Asks the worker, and returns what it returned. */
  const ask = (what: string, request: InstanceRequest, options: CallOptions = {}): Promise<unknown> =>
    inTurn(async () => {
      if (!isSendable(request)) throw notSendable(what);
      if (endedBy !== undefined) throw endedError(loaded.name, endedBy);
      if (options.signal?.aborted)
        throw new WasiKitError("E_ABORTED", "The call was aborted before it began.", { cause: options.signal.reason });
      const done = await session.ask(request, options);
      if (!("error" in done) && done.returned) return done.returned.value;
      const error =
        "error" in done
          ? done.error
          : new GuestError(`${loaded.name}: ${what}`, describeTermination(done.termination, loaded, host));
      // A value that is of no type of the function's is an error of the caller's alone.
      if (error instanceof GuestError || !session.isAlive()) end(`${what} did not return`);
      throw error;
    });
  const call = async (name: string, args: readonly unknown[], options: CallOptions = {}): Promise<unknown> => {
    checkOptionRules(options, callOptionRules, "call() of an instance");
    if (!names.includes(name)) throw unknownFunction(loaded.name, name, names);
    return ask(name, { kind: "call", name, args }, options);
  };
  const inMemory = (method: "bytes" | "text" | "write", ...args: readonly unknown[]): Promise<unknown> =>
    ask(`${method}()`, { kind: "memory", method, args });
  const close = async (): Promise<void> => {
    await inTurn(async () => end("it was closed"));
    await session.ended;
  };

  const instance: PooledInstance = {
    exports: Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => call(name, args)])) as never,
    call: call as PooledInstance["call"],
    bytes: (address, size) => inMemory("bytes", address, size) as Promise<Uint8Array>,
    text: (address, size) => inMemory("text", address, size) as Promise<string>,
    write: (address, data) => inMemory("write", address, data) as Promise<number>,
    stdout: () => utf8Text(stdout.content()),
    stderr: () => utf8Text(stderr.content()),
    close,
    [asyncDispose]: close,
  };
  return { instance, lose: end };
}

/** What a worker can be sent: numbers, bigints, text and bytes. References stay in their thread. */
const isSendable = (request: InstanceRequest): boolean =>
  request.kind === "close" ||
  request.args.every((it) => (typeof it === "object" && it !== null ? bytesOf(it) : typeof it !== "function"));

const notSendable = (what: string): WasiKitError =>
  new WasiKitError(
    "E_OPTION",
    `An argument of ${what} is a reference, which can't be sent to a worker: pass numbers and bigints.`,
  );

const endedError = (module: string, why: string): WasiKitError =>
  new WasiKitError("E_INSTANCE_ENDED", `The instance of ${module} has ended: ${why}.\nInstantiate it again.`);

function unknownFunction(module: string, name: string, names: readonly string[]): WasiKitError {
  const near = closestMatch(name, [...names], { maxDistance: Math.ceil(name.length / 3) });
  const meant = near === undefined ? "" : ` Did you mean ${near}?`;
  const all = names.length > 0 ? names.join(", ") : "none";
  return new WasiKitError("E_OPTION", `${module} exports no function ${name}.${meant}\nIts functions: ${all}.`);
}
