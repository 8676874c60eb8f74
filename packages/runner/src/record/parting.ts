import { WasiKitError } from "../error.ts";
import { formatCall } from "../trace/format.ts";
import type { TracedCall } from "../trace/traced-call.ts";
import type { ParsedRecording, HostLine, RecordedLine, RecordedValue, WasiLine } from "./recording.ts";

// Why a module can't be run on a recording.

/** The guest made another call, or one more. */
export const partedAtCall = (
  recording: ParsedRecording,
  number: number,
  recorded: RecordedLine | undefined,
  made: WasiLine | HostLine,
): WasiKitError =>
  parted(
    recording,
    `at call ${number}`,
    recorded ? describe(recorded) : describeEnd(recording),
    describe(made, recorded),
  );

/** The guest ended, and more was recorded. */
export const partedAtEnd = (recording: ParsedRecording, calls: number, recorded: RecordedLine): WasiKitError =>
  parted(recording, `after call ${calls}`, describe(recorded), "the end of the run");

/** It ended otherwise. */
export const partedInOutcome = (recording: ParsedRecording, made: string): WasiKitError =>
  parted(recording, "at the end", describeEnd(recording), made);

function parted({ name, isOther }: ParsedRecording, where: string, recorded: string, made: string): WasiKitError {
  const why = isOther
    ? "The module is not the one that was recorded: its bytes have another SHA-256."
    : "It may have been recorded with another module, or how deep a guest can call differs here.";
  return new WasiKitError(
    "E_REPLAY",
    `The run parts from ${name} ${where}.\n  recorded: ${recorded}\n  now:      ${made}\n${why}`,
  );
}

const describeEnd = ({ end: { outcome, exitCode, trap } }: ParsedRecording): string =>
  `the end of the run: ${trap === undefined ? `${outcome}, exit code ${exitCode}` : `${outcome}, ${trap}`}`;

/** @param beside - the other call, if a difference may be in what a line of a trace leaves out */
function describe(line: RecordedLine, beside?: RecordedLine): string {
  if ("call" in line) {
    const shown = formatCall({ name: line.call, args: line.args });
    const other = beside && "call" in beside ? formatCall({ name: beside.call, args: beside.args }) : undefined;
    return shown === other ? `${shown}, with ${JSON.stringify({ ...line.args, ...line.room })}` : shown;
  }
  if (!("import" in line)) return "a function of the host goes on";
  const [module, name] = line.import;
  return formatCall({ module, name, args: line.args.map(show) } satisfies TracedCall);
}

function show(value: RecordedValue): number | string {
  if (value === null) return "null";
  if (typeof value === "number") return value;
  return "ref" in value ? "object" : Object.values(value).join();
}

/** It was too long. */
export const recordingIsFull = ({ name }: ParsedRecording, calls: number): WasiKitError =>
  new WasiKitError("E_REPLAY", `${name} was full after call ${calls}: what the run did then is not in it.`);

/** A line is not as it has to be. */
export const malformed = ({ name }: Pick<ParsedRecording, "name">, line: number): WasiKitError =>
  new WasiKitError("E_RECORDING", `${name} is not a valid recording: line ${line + 1} is malformed.`);
