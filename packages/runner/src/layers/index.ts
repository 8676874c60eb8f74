import { memoryCaptures } from "../capture.ts";
import type { Captures } from "../capture.ts";
import { createDescriptors } from "../descriptors.ts";
import type { Descriptors, Stream } from "../descriptors.ts";
import { CallError } from "../guest.ts";
import type { Guest } from "../guest.ts";
import { openHost } from "../host.ts";
import type { SyncRunOptions } from "../options.ts";
import { functionNames } from "../preview1/functions.ts";
import type { FunctionName, Preview1 } from "../preview1/functions.ts";
import { addPreopens } from "./sandbox/roots.ts";
import { fixedClock, hostClock } from "./clock.ts";
import { environmentLayer } from "./environment.ts";
import type { Layer } from "./layer.ts";
import { hostRandom, seededRandom } from "./random.ts";
import { sandboxLayer } from "./sandbox.ts";
import { addStreams, stdioLayer } from "./stdio.ts";
import { systemLayer } from "./system.ts";

/** What a guest is given to import. */
export interface GuestHost {
  imports: Preview1;
  /** Ends what the guest left open. */
  close(): void;
}

/**
 * Puts the layers together, here and nowhere else, from the host outwards: each
 * answers a call itself or hands it down. The lower two answer all that is left,
 * in terms of the guest's memory, and call node:wasi in terms of scratch.
 *
 * @param captures - where captured output goes
 * @param imported - the calls that the guest can make. Default: all
 */
export function composeLayers(
  guest: Guest,
  options: SyncRunOptions,
  captures: Captures = memoryCaptures(),
  imported: readonly FunctionName[] = functionNames,
): GuestHost {
  const { preopens = {}, stdin, clock, randomSeed } = options;
  const descriptors: Descriptors = createDescriptors();
  const paths = Object.values(preopens).map((it) => (typeof it === "string" ? it : it.path));
  const host = openHost(paths, typeof stdin === "object" && "fd" in stdin ? stdin.fd : 0);
  const { native } = host;
  addStreams(descriptors, options, captures, native);
  addPreopens(descriptors, host, preopens);

  const layers: Layer[] = [
    systemLayer(
      descriptors,
      clock ? fixedClock(clock) : hostClock(native),
      randomSeed === undefined ? hostRandom(native) : seededRandom(randomSeed),
    ),
    sandboxLayer(native, descriptors, imported),
    stdioLayer(descriptors),
    environmentLayer(options),
  ];
  return {
    imports: answer(
      layers.reduce((next, layer) => ({ ...next, ...layer(next, guest) }), {} as Preview1),
      imported,
    ),
    close() {
      let last = 0;
      for (const descriptor of descriptors.all()) {
        if (descriptor.kind === "file") last = Math.max(last, descriptor.host);
        else endStream(descriptor);
      }
      host.close(last);
    },
  };
}

function endStream(stream: Stream): void {
  try {
    stream.flush?.();
  } catch (error) {
    // Held-back output that the host does not take any more: the guest, which would be told, has ended.
    if (!(error instanceof CallError)) throw error;
  } finally {
    stream.close?.();
  }
}

/** The outermost wrapper: what a layer throws to end a call becomes the errno that the guest gets. */
function answer(calls: Preview1, imported: readonly FunctionName[]): Preview1 {
  const answering: Record<string, (...args: never[]) => number> = {};
  for (const name of imported) {
    const call = calls[name] as (...args: never[]) => number;
    answering[name] = (...args) => {
      try {
        return call(...args);
      } catch (error) {
        if (error instanceof CallError) return error.errno;
        throw error;
      }
    };
  }
  return answering as Preview1;
}
