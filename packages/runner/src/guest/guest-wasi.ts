import { createWasi, fixedClock, seededRandom, WasiError } from "@wasi-kit/wasi";
import type { GuestMemory } from "@wasi-kit/wasi";
import { functionNames } from "@wasi-kit/wasi/abi";
import type { AbiName, FunctionName, Preview1 } from "@wasi-kit/wasi/abi";
import { hostClock, hostRandom } from "@wasi-kit/wasi/node";
import { createRecorder } from "../explain/recorder.ts";
import type { SyncRunOptions } from "../options.ts";
import { openPreopens } from "../preopens/open-preopens.ts";
import type { RunReport } from "../result.ts";
import { memoryCaptures } from "../stdio/capture.ts";
import type { Captures } from "../stdio/capture.ts";
import { standardStreams } from "../stdio/standard-streams.ts";
import { createDecoder } from "../trace/decode.ts";
import type { Argument, Decoder } from "../trace/decode.ts";
import { traceCalls } from "../trace/trace.ts";
import type { TracedCall } from "../trace/traced-call.ts";

/** What was observed of a guest's calls. */
export type Observations = Omit<RunReport, "durationMs" | "memoryBytes">;

/** WASI as a run has it. */
export interface GuestWasi {
  /** What the guest imports. */
  readonly imports: Preview1;
  /** Its `memory` is to be set once the guest is instantiated. */
  readonly memory: GuestMemory;
  /** Call it once the guest has ended: it writes what was buffered of its output, and says what was observed. */
  finish(): Observations;
  /** Closes what the guest left open. */
  close(): void;
}

/** How many calls are kept in memory. */
const maxTracedCalls = 100_000;

/**
 * WASI with what a run is granted, and with what observes its calls: first the
 * recorder, which every run has, then the trace, if there is one.
 *
 * @param captures - where captured output goes. Default: into memory
 * @param names - the functions that the guest imports. Default: all
 * @throws WasiKitError `E_STDIN`, `E_PREOPEN`
 */
export function createGuestWasi(
  options: SyncRunOptions,
  captures: Captures = memoryCaptures(),
  abi: AbiName = "wasi_snapshot_preview1",
  names: readonly FunctionName[] = functionNames,
): GuestWasi {
  const { clock, randomSeed, trace = false } = options;
  const strings = stringsOf(options);
  const streams = standardStreams(options, captures);
  const preopens = openPreopens(options.preopens);
  const wasi = createWasi({
    ...strings,
    ...streams,
    abi,
    names,
    preopens: preopens.granted,
    clock: clock ? fixedClock(clock) : hostClock(),
    random: randomSeed === undefined ? hostRandom : seededRandom(randomSeed),
  });
  const decoder = (maxBytes?: number): Decoder => createDecoder({ ...wasi, abi, ...strings }, maxBytes);

  const recorder = createRecorder(decoder);
  recorder.recordTail(streams.stderr);
  recorder.recordLines(streams.stdout, "stdout");
  recorder.recordLines(streams.stderr, "stderr");
  const recorded = Object.fromEntries(
    names.map((name) => [name, recorder.record(name, wasi.calls[name] as (...args: Argument[]) => number)]),
  ) as Preview1;
  const kept: TracedCall[] = [];
  const keep = (call: TracedCall): void => void (kept.length < maxTracedCalls && kept.push(call));
  const traced = trace
    ? traceCalls(recorded, decoder(), typeof trace === "function" ? trace : keep, clock === undefined)
    : undefined;

  return {
    imports: traced?.calls ?? recorded,
    memory: wasi.memory,
    finish() {
      traced?.end();
      const lostOutput = wasi.table
        .all()
        .flatMap((it) => (it.kind === "stream" && it.flush && !succeeds(it.flush) ? [it.name] : []));
      const changes = preopens.changes();
      return {
        diagnostics: recorder.diagnostics(),
        ...(trace === true ? { trace: kept } : {}),
        ...(lostOutput.length > 0 ? { lostOutput } : {}),
        ...(changes ? { changes } : {}),
        ...(preopens.mayRace ? { mayRace: true } : {}),
      };
    },
    close() {
      traced?.end();
      wasi.close();
      preopens.close();
    },
  };
}

/** The strings that a guest gets: argv[0] and the arguments, and a `NAME=value` for each variable. */
function stringsOf({ argv0 = "", args = [], env = {} }: SyncRunOptions): { args: string[]; env: string[] } {
  return { args: [argv0, ...args], env: Object.entries(env).map(([name, value]) => `${name}=${value}`) };
}

/** Whether the host writes what was buffered of a stream. */
function succeeds(flush: () => void): boolean {
  try {
    flush();
    return true;
  } catch (error) {
    if (!(error instanceof WasiError)) throw error;
    return false;
  }
}
