import { createWasi, fixedClock, hostRandom, seededRandom, WasiError } from "@wasi-kit/wasi";
import type { GuestMemory } from "@wasi-kit/wasi";
import { functionNames } from "@wasi-kit/wasi/abi";
import type { AbiName, FunctionName, Preview1 } from "@wasi-kit/wasi/abi";
import { WasiKitError } from "../error.ts";
import { createRecorder } from "../explain/recorder.ts";
import type { Host } from "../host/host.ts";
import type { LimitName } from "../limits/limits.ts";
import type { RunTermination } from "../limits/run-termination.ts";
import type { SyncRunOptions } from "../options.ts";
import { openPreopens } from "../preopens/open-preopens.ts";
import { recordedOptions } from "../record/seal.ts";
import type { UnsealedRecording } from "../record/recording.ts";
import type { Tape } from "../record/tape.ts";
import type { RunReport } from "../result.ts";
import { memoryCaptures } from "../stdio/capture.ts";
import type { Captures } from "../stdio/capture.ts";
import { standardStreams } from "../stdio/standard-streams.ts";
import { createDecoder } from "../trace/decode.ts";
import type { Argument, Decoder } from "../trace/decode.ts";
import { traceCalls } from "../trace/trace.ts";
import type { TracedCall } from "../trace/traced-call.ts";

/** What was observed of a guest's calls. */
export interface Observations extends Omit<RunReport, "durationMs" | "cpuMs" | "memoryBytes" | "recording"> {
  /** If it was recorded. */
  readonly recorded?: UnsealedRecording;
}

/** WASI as a run has it. */
export interface GuestWasi {
  /** What the guest imports. */
  readonly imports: Preview1;
  /** A function of the host as the guest is to call it: traced, if the run is. */
  observe(module: string, name: string, call: (...args: never[]) => unknown): (...args: never[]) => unknown;
  /** Its `memory` is to be set once the guest is instantiated. */
  readonly memory: GuestMemory;
  /** The calls so far, if they are kept. */
  trace(): readonly TracedCall[];
  /** The limit because of which a call failed first, if one did. */
  limit(): LimitName | undefined;
  /** What was thrown to end the run, even if the guest has caught it. */
  terminated(): RunTermination | undefined;
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
 * @param captures - where captured output goes, and where calls are counted. Default: memory
 * @param names - the functions that the guest imports. Default: all
 * @param tape - what records the calls, or answers them. Default: none
 * @throws WasiKitError `E_STDIN`, `E_PREOPEN`, `E_OPTION`
 */
export function createGuestWasi(
  host: Host,
  options: SyncRunOptions,
  captures: Captures = memoryCaptures(),
  abi: AbiName = "wasi_snapshot_preview1",
  names: readonly FunctionName[] = functionNames,
  tape?: Tape,
): GuestWasi {
  const { clock, randomSeed, trace = false, record } = options;
  checkDescriptors(options);
  const strings = stringsOf(options);
  const streams = standardStreams(options, captures, host);
  const preopens = openPreopens(options.preopens, host);
  const wasi = createWasi({
    ...strings,
    ...streams,
    abi,
    names,
    preopens: preopens.granted,
    clock: clock ? fixedClock(clock) : host.clock(),
    random: randomSeed === undefined ? hostRandom : seededRandom(randomSeed),
    limits: options,
  });
  const decoder = (maxBytes?: number): Decoder => createDecoder({ ...wasi, abi, ...strings }, maxBytes);

  const calls = tape?.wasi({ wasi, abi, names, output: [streams.stdout, streams.stderr], decoder }) ?? wasi.calls;
  const recorder = createRecorder(wasi.memory, decoder, options.maxCalls, captures.counts);
  recorder.recordInput(streams.stdin);
  recorder.recordTail(streams.stderr);
  recorder.recordLines(streams.stdout, "stdout");
  recorder.recordLines(streams.stderr, "stderr");
  const observed = Object.fromEntries(
    names.map((name) => [name, recorder.record(name, calls[name] as (...args: Argument[]) => number)]),
  ) as Preview1;
  const kept: TracedCall[] = [];
  const keep = (call: TracedCall): void => void (kept.length < maxTracedCalls && kept.push(call));
  const isTimed = clock === undefined && !tape?.answers;
  const traced = trace
    ? traceCalls(observed, decoder(), typeof trace === "function" ? trace : keep, isTimed)
    : undefined;

  return {
    imports: traced?.calls ?? observed,
    observe(module, name, call) {
      const taped = tape?.host(module, name, call) ?? call;
      return traced?.host(module, name, taped) ?? taped;
    },
    memory: wasi.memory,
    trace: () => [...kept],
    limit: recorder.limit,
    terminated: recorder.terminated,
    finish() {
      traced?.end();
      const lostOutput = wasi.table
        .all()
        .flatMap((it) => (it.kind === "stream" && it.flush && !succeeds(it.flush) ? [it.name] : []));
      const changes = preopens.changes();
      const taped = tape?.recorded();
      return {
        diagnostics: recorder.diagnostics(),
        stats: recorder.stats(),
        ...(trace === true ? { trace: kept } : {}),
        ...(lostOutput.length > 0 ? { lostOutput } : {}),
        ...(changes ? { changes } : {}),
        ...(taped
          ? { recorded: { ...taped, options: recordedOptions(options), keepsModule: record === "with-module" } }
          : {}),
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

/** @throws WasiKitError `E_OPTION` if a guest may have fewer descriptors than it starts with */
function checkDescriptors({ maxDescriptors = Infinity, preopens = {} }: SyncRunOptions): void {
  const needed = 3 + Object.keys(preopens).length;
  if (maxDescriptors >= needed) return;
  throw new WasiKitError(
    "E_OPTION",
    `maxDescriptors is ${maxDescriptors}. It can be ${needed} or above: stdin, stdout, stderr and the preopens are open from the start.`,
  );
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
