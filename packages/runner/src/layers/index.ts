import { memoryCaptures } from "../capture.ts";
import type { Captures } from "../capture.ts";
import { createWitness } from "../clues.ts";
import { createDescriptors, endStream } from "../descriptors.ts";
import type { Descriptors } from "../descriptors.ts";
import { CallError } from "../guest.ts";
import type { Guest } from "../guest.ts";
import { openHost } from "../host.ts";
import { preopenOf } from "../options.ts";
import type { SyncRunOptions } from "../options.ts";
import { functionNames } from "../preview1/function-names.ts";
import type { FunctionName } from "../preview1/function-names.ts";
import type { Preview1 } from "../preview1/functions.ts";
import type { Findings } from "../result.ts";
import { createDecoder } from "../trace/decode.ts";
import type { Decoder } from "../trace/decode.ts";
import { traceCalls } from "../trace/trace.ts";
import type { TracedCall } from "../trace/traced-call.ts";
import { addPreopens } from "./sandbox/roots.ts";
import { fixedClock, hostClock } from "./clock.ts";
import { environmentLayer, environmentOf } from "./environment.ts";
import type { Layer } from "./layer.ts";
import { hostRandom } from "./random.ts";
import { sandboxLayer } from "./sandbox.ts";
import { addStreams, stdioLayer } from "./stdio.ts";
import { seededRandom } from "./seeded-random.ts";
import { systemLayer } from "./system.ts";

/** What a guest is given to import. */
export interface GuestHost {
  imports: Preview1;
  /** To be called once the guest has ended: passes on what was held back of its output, and says what was seen. */
  finish(): Findings;
  /** Ends what the guest left open. */
  close(): void;
}

/** As many calls as are kept in memory. */
const mostTraced = 100_000;

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
  const { preopens = {}, stdin, clock, randomSeed, trace = false } = options;
  const descriptors: Descriptors = createDescriptors();
  const paths = Object.values(preopens).map((it) => preopenOf(it).path);
  const host = openHost(paths, typeof stdin === "object" && "fd" in stdin ? stdin.fd : 0);
  const { native } = host;
  const [, , stderr] = addStreams(descriptors, options, captures, native);
  addPreopens(descriptors, host, preopens);

  const decoder = (mostBytes?: number): Decoder => createDecoder(guest, descriptors, environmentOf(options), mostBytes);
  const witness = createWitness(decoder);
  witness.remember(stderr);

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
  const calls = layers.reduce((next, layer) => ({ ...next, ...layer(next, guest) }), {} as Preview1);
  const watched = Object.fromEntries(
    imported.map((name) => [name, witness.watch(name, calls[name] as never)]),
  ) as Preview1;
  const told: TracedCall[] = [];
  const collect = (call: TracedCall): void => void (told.length < mostTraced && told.push(call));
  const traced = trace
    ? traceCalls(watched, decoder(), typeof trace === "function" ? trace : collect, clock === undefined)
    : undefined;
  return {
    imports: traced?.calls ?? watched,
    finish() {
      traced?.end();
      const unwritten = descriptors
        .all()
        .flatMap((it) => (it.kind === "stream" && !succeeds(it.flush) ? [it.name] : []));
      return {
        clues: witness.clues(),
        ...(trace === true ? { trace: told } : {}),
        ...(unwritten.length > 0 ? { unwritten } : {}),
      };
    },
    close() {
      traced?.end();
      let last = 0;
      for (const descriptor of descriptors.all()) {
        if (descriptor.kind === "file") last = Math.max(last, descriptor.host);
        // Whether that fails was seen before.
        else succeeds(() => endStream(descriptor));
      }
      host.close(last);
    },
  };
}

/** Whether the host takes what was held back of a stream, or what else it is asked for. */
function succeeds(task: (() => void) | undefined): boolean {
  try {
    task?.();
    return true;
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return false;
  }
}
