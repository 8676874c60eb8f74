import type { ErrnoName, FunctionName } from "@wasi-kit/wasi/abi";
import type { LimitName, Limits } from "../limits/limits.ts";
import type { SentError } from "../pool/sent-error.ts";
import type { Outcome } from "../outcome.ts";
import type { Access } from "../preopens/preopen.ts";
import type { WasiCall } from "../trace/traced-call.ts";

// The lines of a recording. docs/recordings.md says what each of them means: change both, and the version.

/** The version of the format. It changes with the lines below, and with how a trace shows what a guest passed. */
export const recordingVersion = 1;

/** Bytes: as text if they are UTF-8. */
export type RecordedBytes = string | { readonly base64: string };

/** A value that goes between a guest and a function of the host: what JSON has no number for is a text, `ref` any object. */
export type RecordedValue =
  | number
  | null
  | { readonly number: string }
  | { readonly bigint: string }
  | { readonly ref: number };

/** What a function of the host wrote into the guest's memory. */
export type RecordedWrites = readonly (readonly [address: number, bytes: RecordedBytes])[];

/** Where an open file or directory is. */
export interface RecordedPlace {
  /** The guest path of its preopen. */
  readonly preopen: string;
  /** Its path below that, a character for each byte. */
  readonly path: string;
}

/** A call of a function of WASI. Without an errno, it never returned. */
export interface WasiLine {
  readonly call: FunctionName;
  /** As a trace has them. */
  readonly args: WasiCall["args"];
  /** The bytes for which the guest had room, by parameter. */
  readonly room?: Readonly<Record<string, number>>;
  /** A checksum of what the guest wrote, if `args` has only its beginning. */
  readonly sum?: string;
  readonly errno?: ErrnoName;
  /** The limit because of which it failed. */
  readonly limit?: LimitName;
  /** What it wrote into the guest's memory, by parameter. */
  readonly out?: Readonly<Record<string, RecordedOutput>>;
  /** The bytes that stdout or stderr took. */
  wrote?: number;
  /** What `path_open` opened. */
  readonly opened?: RecordedPlace & { readonly kind: "file" | "directory" };
  /** Where open files and directories are after a `path_rename`, by their order among all descriptors. */
  readonly moved?: readonly (readonly [index: number, place: RecordedPlace])[];
}

/** Numbers of 64 bits are decimal digits. */
export type RecordedOutput = number | RecordedBytes | readonly RecordedEvent[];

/** An event of `poll_oneoff`, and the number of the subscription that it answers. */
export interface RecordedEvent {
  readonly of: number;
  readonly bytes: RecordedBytes;
}

/** What a function of the host ended with. */
interface HostEnd {
  readonly writes?: RecordedWrites;
  readonly returned?: readonly RecordedValue[];
  /** What it threw; `"guest"` if it passed on what a function of the guest threw. */
  readonly threw?: SentError | "guest";
}

/** A call of a function of the host, with its end if nothing came in between. */
export interface HostLine extends HostEnd {
  readonly import: readonly [module: string, name: string];
  readonly args: readonly RecordedValue[];
}

/** The end of the call of a function of the host that called the guest. */
export type HostEndLine = HostEnd;

/** A function of the host calls a function of the guest. */
interface ExportLine {
  readonly export: string;
  readonly args: readonly RecordedValue[];
  readonly writes?: RecordedWrites;
}

/** The end of that. */
interface ExportEndLine {
  readonly exported: "returned" | "threw";
}

export type RecordedLine = WasiLine | HostLine | HostEndLine | ExportLine | ExportEndLine;

/** What a run was granted, as far as a recording keeps it. */
export interface RecordedOptions extends Limits {
  readonly argv0: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly preopens: Readonly<Record<string, RecordedPreopen>>;
  /** Whether it had functions of the host. */
  readonly imports: boolean;
  readonly wasi: boolean;
}

export interface RecordedPreopen {
  readonly access: Access;
  /** If it is a directory of the host. */
  readonly path?: string;
}

/** The first line. */
export interface RecordingHeader {
  readonly "wasi-kit recording": number;
  readonly module: RecordedModule;
  readonly options: RecordedOptions;
  /** What it ran on, such as `Node.js (v24.1.0)`. */
  readonly host: string;
}

/** The module that ran. */
export interface RecordedModule {
  /** The name of its file, or else its argv[0]. */
  readonly name: string;
  /** The SHA-256 of its bytes, in hexadecimal digits. Absent if it came compiled. */
  readonly sha256?: string;
  /** Its bytes, if they were to be kept. */
  readonly base64?: string;
}

/** How the run ended: the last line. */
export interface RecordedEnd {
  readonly outcome: Outcome;
  readonly exitCode: number;
  readonly limit?: LimitName;
  /** What the engine said of a trap. */
  readonly trap?: string;
  readonly durationMs: number;
  /** Whether the recording stopped before, since it was full. */
  readonly isFull?: true;
}

/** What is in a recording. */
export interface ParsedRecording {
  /** How messages call it: the path of its file. */
  readonly name: string;
  readonly header: RecordingHeader;
  readonly lines: readonly RecordedLine[];
  readonly end: RecordedEnd;
  /** Whether the module that is run has another hash than the one that was recorded. */
  readonly isOther: boolean;
}

/** The lines of calls, as JSON. */
export interface RecordedCalls {
  readonly lines: string;
  readonly isFull: boolean;
}

/** What was recorded of a run, as the thread that made it sends it. */
export interface UnsealedRecording extends RecordedCalls {
  readonly options: RecordedOptions;
  readonly keepsModule: boolean;
}
