import type { ErrnoName, FunctionName } from "@wasi-kit/wasi/abi";

/** A call that a guest made, with complete values. As JSON, it is a line of a trace. */
export type TracedCall = WasiCall | HostCall;

/** A call to a function of WASI. */
export interface WasiCall {
  /** The function of WASI. */
  readonly name: FunctionName;
  /** The arguments that the guest passed, by the specification's names. Addresses and lengths are left out. */
  readonly args: TracedValues;
  /** The errno that the call returned. Absent if it never returned: `proc_exit`, or a call during which the run ended. */
  readonly errno?: ErrnoName;
  /** The results that a successful call wrote into the guest's memory, by the specification's names. */
  readonly results?: TracedValues;
  /** How long the call took, in milliseconds. Absent with a fixed clock, so that traces are the same each time. */
  readonly durationMs?: number;
}

/** A call to a function of the host: see `imports`. */
export interface HostCall {
  /** The module that the guest imports the function from. A {@link WasiCall} has none. */
  readonly module: string;
  readonly name: string;
  /** The arguments that the guest passed. A value that is neither a number nor text is its type: `"object"`. */
  readonly args: readonly (number | string)[];
  /** The results of the call: one value, or none. Absent if it never returned. */
  readonly results?: readonly (number | string)[];
  /** As in a {@link WasiCall}. It includes the calls that the function made to the guest. */
  readonly durationMs?: number;
}

/** Values by the names of parameters. */
export type TracedValues = Readonly<Record<string, TracedValue>>;

/**
 * A path, a name, a number (as decimal digits if it is beyond 2^53), a set of flags
 * or rights, a descriptor, data, or a list or object of these.
 */
export type TracedValue =
  | string
  | number
  | TracedData
  | TracedDescriptor
  | readonly TracedValue[]
  | { readonly [field: string]: TracedValue };

/** Bytes that were read or written, as text if they are UTF-8. Only the first mebibyte is kept; `size` is of all. */
export type TracedData =
  | { readonly size: number; readonly text: string }
  | { readonly size: number; readonly base64: string };

/** A descriptor, and what it referred to at the time of the call. */
export interface TracedDescriptor {
  readonly fd: number;
  /** The guest path of a file or directory, or `stdin`, `stdout` or `stderr`. Absent if the descriptor is closed. */
  readonly path?: string;
  /** The guest path of the preopen that it was opened through. */
  readonly preopen?: string;
}
