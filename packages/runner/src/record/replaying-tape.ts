import { WasiError } from "@wasi-kit/wasi";
import { errno } from "@wasi-kit/wasi/abi";
import type { FunctionName, Preview1 } from "@wasi-kit/wasi/abi";
import type { WasiKitError } from "../error.ts";
import type { HostModules, Imports } from "../imports/imports.ts";
import { isFromOutside, RunTermination } from "../limits/run-termination.ts";
import { receivedError } from "../pool/sent-error.ts";
import type { SentError } from "../pool/sent-error.ts";
import type { Argument } from "../trace/decode.ts";
import { bytesOfRecorded } from "./bytes.ts";
import { createHostValues } from "./host-values.ts";
import { createOutputs } from "./outputs.ts";
import { partedAtCall, partedAtEnd, recordingIsFull, malformed } from "./parting.ts";
import { describePassed } from "./passed.ts";
import type { ParsedRecording, HostLine, RecordedLine, RecordedWrites, WasiLine } from "./recording.ts";
import { cutWrites, effects, preopensOf } from "./replayed-effects.ts";
import type { Cut, Replayed } from "./replayed-effects.ts";
import { maxArgumentBytes } from "./tape.ts";
import type { Tape } from "./tape.ts";

type WasiFunction = (...args: Argument[]) => number;

/** A tape that gives a guest what was recorded. */
export interface ReplayingTape extends Tape {
  /** The functions of the host: they do what was recorded. */
  readonly imports: (wanted: readonly WebAssembly.ModuleImportDescriptor[]) => Imports;
  /** Why the run did not go as the recorded one, if it did not. WebAssembly can catch what is thrown because of it. */
  parting(): WasiKitError | undefined;
  /** Call it once the guest has ended by itself. */
  end(): void;
}

export function replayingTape(recording: ParsedRecording): ReplayingTape {
  const { lines, end: recordedEnd } = recording;
  const values = createHostValues();
  let next = 0;
  /** How many calls the guest has made. */
  let calls = 0;
  let parting: WasiKitError | undefined;
  /** What the guest threw last to a function of the host. */
  let passing: unknown;
  let guestBytes: (address: number, size: number) => Uint8Array;

  const part = (error: WasiKitError): never => {
    parting ??= error;
    throw parting;
  };
  /** The next line, or the end of the run if it was ended from outside. */
  const take = (made: WasiLine | HostLine | undefined): RecordedLine => {
    const line = lines[next];
    if (line) {
      next++;
      return line;
    }
    return endAsRecorded(made);
  };
  /** Ends the run in a call that never returned, or that was not made any more. */
  const endAsRecorded = (made: WasiLine | HostLine | undefined, written?: number): never => {
    const { outcome, limit, trap } = recordedEnd;
    if (recordedEnd.isFull) return part(recordingIsFull(recording, calls));
    if (isFromOutside(outcome)) throw new RunTermination(outcome, limit);
    // The stack was full in a function of the host.
    if (!made && outcome === "trapped") throw new RangeError(trap);
    if (!made && (outcome === "output-limit" || outcome === "input-limit" || outcome === "broken-pipe"))
      throw new RunTermination(outcome, limit, written);
    return part(made ? partedAtCall(recording, calls, undefined, made) : malformed(recording, next));
  };
  const takeCall = <Line extends WasiLine | HostLine>(made: Line): Line => {
    calls++;
    const line = take(made);
    if (!isSame(line, made)) return part(partedAtCall(recording, calls, line, made));
    return line as Line;
  };
  const write = (writes: RecordedWrites = []): void => {
    for (const [address, recorded] of writes) {
      const bytes = bytesOfRecorded(recorded);
      guestBytes(address, bytes.length).set(bytes);
    }
  };
  const failing = <T>(make: () => T): T => {
    try {
      return make();
    } catch (error) {
      // A number or a text of the recording that is not one.
      if (error instanceof WasiError || error instanceof RunTermination || error === parting) throw error;
      return part(malformed(recording, next));
    }
  };

  const callHost =
    (module: string, name: string) =>
    (...args: unknown[]): unknown => {
      let step: RecordedLine = takeCall<HostLine>({ import: [module, name], args: args.map(values.encode) });
      for (;;) {
        if ("writes" in step) failing(() => write((step as { writes?: RecordedWrites }).writes));
        if ("returned" in step) return values.decodeResults(step.returned ?? []);
        if ("threw" in step) throw step.threw === "guest" ? passing : thrownError(step.threw as SentError);
        if ("export" in step) callGuest(step.export, step.args.map(values.decode));
        else if (!("import" in step)) part(malformed(recording, next));
        step = take(undefined);
      }
    };
  let guestExports: () => WebAssembly.Exports;
  const callGuest = (name: string, args: readonly unknown[]): void => {
    let hasReturned = false;
    try {
      const call = guestExports()[name];
      if (typeof call !== "function") return part(malformed(recording, next));
      (call as (...args: unknown[]) => unknown)(...args);
      hasReturned = true;
    } catch (error) {
      if (parting) throw parting;
      // The end of the run is no error that a function of the host could have caught.
      passing = error;
    }
    const line = take(undefined);
    if (!("exported" in line) || (line.exported === "returned") !== hasReturned) part(malformed(recording, next));
  };

  return {
    answers: true,
    wasi({ wasi, abi, names, output, decoder: createDecoder }) {
      const { memory } = wasi;
      const decoder = createDecoder(maxArgumentBytes);
      const outputs = createOutputs(memory, abi);
      const preopens = preopensOf(wasi);
      guestBytes = memory.bytes;
      const cut: Cut = { at: undefined };
      for (const stream of output) cutWrites(stream, cut, (written) => endAsRecorded(undefined, written));
      const answer =
        (name: FunctionName, real: WasiFunction): WasiFunction =>
        (...args) => {
          const made = describePassed(name, args, { decoder, outputs, memory });
          const line = takeCall<WasiLine>(made);
          const effect = effects[name];
          const replayed: Replayed = { line, args, wasi, preopens, cut, real: () => real(...args) };
          if (line.errno === undefined) {
            effect?.(replayed);
            return endAsRecorded(undefined);
          }
          return failing(() => {
            effect?.(replayed);
            if (line.out) outputs.write(name, args, line.out);
            if (line.errno !== "success") throw new WasiError(line.errno as never, line.limit as never);
            return errno.success;
          });
        };
      return Object.fromEntries(
        names.map((name) => [name, answer(name, wasi.calls[name] as WasiFunction)]),
      ) as Preview1;
    },
    imports: (wanted) => (guest) => {
      guestExports = () => guest.exports;
      const modules: Record<string, Record<string, (...args: unknown[]) => unknown>> = {};
      for (const { module, name } of wanted) (modules[module] ??= {})[name] = callHost(module, name);
      return modules as HostModules;
    },
    parting: () => parting,
    end() {
      if (parting || next >= lines.length) return;
      parting = partedAtEnd(recording, calls, lines[next] as RecordedLine);
    },
    host: (_module, _name, call) => call,
    entering: (_name, call) => call,
    handOut() {},
    recorded: () => undefined,
  };
}

/** A full stack is the guest's end, and known by its class. */
const thrownError = (threw: SentError): Error =>
  threw.name === "RangeError" ? new RangeError(threw.message) : receivedError(threw);

/** Whether a recorded call is the one that is made. */
function isSame(line: RecordedLine, made: WasiLine | HostLine): boolean {
  return JSON.stringify(passedOf(line)) === JSON.stringify(passedOf(made));
}

function passedOf(line: RecordedLine): unknown {
  if ("call" in line) return [line.call, line.args, line.room, line.sum];
  return "import" in line ? [line.import, line.args] : undefined;
}
