import { createCommand, runCommand } from "../guest/command.ts";
import type { Guest } from "../guest/guest.ts";
import type { Host } from "../host/host.ts";
import { loadImports } from "../imports/load-imports.ts";
import type { LoadedModule } from "../module/module.ts";
import type { SyncRunOptions } from "../options.ts";
import type { Captures } from "../stdio/capture.ts";
import { completedEnd, failedEnd } from "./errors.ts";
import type { RunEnd, WorkerOptions } from "./messages.ts";

/** The streams of a guest, as they are in a worker. */
export type WorkerStreams = Pick<SyncRunOptions, "stdin"> & Required<Pick<SyncRunOptions, "stdout" | "stderr">>;

/**
 * Makes a run in a worker. Never rejects.
 *
 * @param options - as they were sent
 * @param streams - what this worker has in place of the streams that they name
 */
export async function makeRun(
  host: Host,
  loaded: LoadedModule,
  { imports: url, ...options }: WorkerOptions,
  streams: WorkerStreams,
  captures: Captures,
): Promise<RunEnd> {
  let guest: Guest | undefined;
  try {
    const imports = url === undefined ? {} : { imports: await loadImports(url) };
    guest = createCommand(host, loaded, { ...options, ...imports, ...streams }, captures);
    return completedEnd(runCommand(host, guest, loaded));
  } catch (error) {
    return failedEnd(error);
  } finally {
    guest?.close();
  }
}
