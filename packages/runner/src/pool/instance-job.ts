import type { Host } from "../host/host.ts";
import type { LoadedModule } from "../module/module.ts";
import { openInstance } from "./instance.ts";
import type { InstanceSession, OpenInstance, PooledInstance } from "./instance.ts";
import { endStreams, openStreams } from "./job-base.ts";
import type { JobBase, JobRequest } from "./job-base.ts";
import { promiseWithResolvers } from "./promise-with-resolvers.ts";

/** An instance of a library: it has a worker until it is closed. */
export interface InstanceJob extends JobBase {
  readonly kind: "instance";
  /** The instance, once it has started. */
  readonly opened: Promise<PooledInstance>;
  /** Call it when it has started, with the names of the functions that it exports. */
  open(session: InstanceSession, module: LoadedModule, names: readonly string[]): OpenInstance;
  /** Call it when its worker is given back. */
  finish(): void;
}

/** @throws WasiKitError `E_STDIN` or `E_OUTPUT` for a stream that can't be used */
export function createInstanceJob(host: Host, request: JobRequest): InstanceJob {
  const streams = openStreams(request.options);
  const opened = promiseWithResolvers<PooledInstance>();
  const ended = promiseWithResolvers<undefined>();
  const job: InstanceJob = {
    kind: "instance",
    ...request,
    ...streams,
    opened: opened.promise,
    result: ended.promise.finally(() => endStreams(streams)),
    begin() {},
    open(session, module, names) {
      const open = openInstance(host, module, job, names, session);
      opened.resolve(open.instance);
      return open;
    },
    reject(error) {
      opened.reject(error);
      ended.resolve(undefined);
    },
    finish: () => ended.resolve(undefined),
  };
  return job;
}
