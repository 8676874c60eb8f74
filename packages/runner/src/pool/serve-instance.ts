import type { Host } from "../host/host.ts";
import { callLibrary, createLibrary, startLibrary } from "../guest/library.ts";
import type { LibraryCall } from "../guest/library.ts";
import type { Guest } from "../guest/guest.ts";
import { measure } from "../guest/measure.ts";
import { createCallingGuest } from "../imports/calling-guest.ts";
import { loadImports } from "../imports/load-imports.ts";
import type { LoadedModule } from "../module/module.ts";
import type { Captures } from "../stdio/capture.ts";
import { completedEnd, failedEnd } from "./errors.ts";
import type { WorkerStreams } from "./make-run.ts";
import type { InstanceRequest, RunEnd, WorkerOptions } from "./messages.ts";

/** An instance of a library, in a worker. */
export interface ServedInstance {
  /** How its start ended. If it returned, that is the names of the functions that it exports. */
  readonly start: RunEnd;
  /** Does what is asked, and never throws. */
  answer(request: InstanceRequest): RunEnd;
}

/**
 * Makes an instance in a worker. Never rejects.
 *
 * @param options - as they were sent. The pool watches the time: after it, the worker is replaced anyway
 */
export async function serveInstance(
  host: Host,
  loaded: LoadedModule,
  { imports: url, timeoutMs: _timeoutMs, ...options }: WorkerOptions,
  streams: WorkerStreams,
  captures: Captures,
): Promise<ServedInstance> {
  let guest: Guest | undefined;
  let exports: WebAssembly.Exports = {};
  const ended = (make: () => LibraryCall): RunEnd => {
    const { result: call, times } = measure(host, make);
    return completedEnd({ ...call, report: { ...times, memoryBytes: guest?.memoryBytes() ?? 0 } });
  };
  const calling = createCallingGuest(() => {
    const memory = guest?.memory();
    return { exports, ...(memory ? { memory } : {}) };
  });
  const answers: { readonly [Kind in InstanceRequest["kind"]]: (request: InstanceRequest & { kind: Kind }) => RunEnd } =
    {
      call: ({ name, args }) =>
        ended(() =>
          callLibrary(guest as Guest, () => sendable((exports[name] as (...values: unknown[]) => unknown)(...args))),
        ),
      memory: ({ method, args }) =>
        ended(() => {
          const value = (calling[method] as (...values: unknown[]) => unknown)(...args);
          return { termination: returned, returned: { value: value instanceof Uint8Array ? value.slice() : value } };
        }),
      close: () =>
        ended(() => {
          guest?.finish();
          guest?.close();
          return { termination: returned, returned: { value: undefined } };
        }),
    };
  const answer = (request: InstanceRequest): RunEnd => {
    try {
      return answers[request.kind](request as never);
    } catch (error) {
      return failedEnd(error);
    }
  };
  try {
    const imports = url === undefined ? {} : { imports: await loadImports(url) };
    const made = createLibrary(host, loaded, { ...options, ...imports, ...streams }, captures);
    guest = made;
    const start = ended(() => {
      const call = startLibrary(made);
      if (!call.returned) {
        made.close();
        return call;
      }
      exports = call.returned.value as WebAssembly.Exports;
      const names = Object.keys(exports).filter((name) => typeof exports[name] === "function");
      return { ...call, returned: { value: names } };
    });
    return { start, answer };
  } catch (error) {
    guest?.close();
    return { start: failedEnd(error), answer };
  }
}

/** A value as it can be sent: references stay in their thread. */
function sendable(value: unknown): unknown {
  const values = Array.isArray(value) ? value : [value];
  if (!values.some((it) => (typeof it === "object" && it !== null) || typeof it === "function")) return value;
  throw new TypeError("it returned a reference, which can't leave the worker");
}

const returned = { outcome: "exited", exitCode: 0 } as const;
