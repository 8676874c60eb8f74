import type { ErrnoName, FunctionName } from "@wasi-kit/wasi/abi";

/** A call that a guest made, with full values. As JSON it is a line of a trace. */
export type TracedCall = WasiCall | HostCall;

/** A call of a function of WASI. */
export interface WasiCall {
  /** The function of WASI. */
  readonly name: FunctionName;
  /** What the guest passed, by the names of the specification's parameters. Addresses and lengths are left out. */
  readonly args: TracedValues;
  /** What the call returned. Absent if it never returned: `proc_exit`, or a call in which the run was ended. */
  readonly errno?: ErrnoName;
  /** What it wrote into the guest's memory if it succeeded, by the names of the parameters. */
  readonly results?: TracedValues;
  /** How long it took, in milliseconds. Absent if the clock is a fixed one, so that a trace repeats. */
  readonly durationMs?: number;
}

/** A call of a function of the host's own: see `imports`. */
export interface HostCall {
  /** The module that the guest imports it from. A call of WASI has none. */
  readonly module: string;
  readonly name: string;
  /** What the guest passed. A value that is neither a number nor text is shown as its type: `"object"`. */
  readonly args: readonly (number | string)[];
  /** What the call returned: one value, or none. Absent if it never returned. */
  readonly results?: readonly (number | string)[];
  /** As of a {@link WasiCall}. Calls that it made of the guest count. */
  readonly durationMs?: number;
}

/** Values by the names of parameters. */
export type TracedValues = Readonly<Record<string, TracedValue>>;

/**
 * A path, a name or a number (as decimal digits if it is beyond 2^53), a set of
 * flags or rights, a descriptor, data, or what is made of these.
 */
export type TracedValue =
  | string
  | number
  | TracedData
  | TracedDescriptor
  | readonly TracedValue[]
  | { readonly [field: string]: TracedValue };

/** Bytes that were read or written: as text if they are UTF-8. Only the first mebibyte is kept. */
export type TracedData =
  | { readonly size: number; readonly text: string }
  | { readonly size: number; readonly base64: string };

/** A descriptor, and what it stood for at the time of the call. */
export interface TracedDescriptor {
  readonly fd: number;
  /** The path of a file or directory as the guest could name it, or `stdin`, `stdout`, `stderr`. Absent if it is closed. */
  readonly path?: string;
  /** The guest path of the preopen that it was reached through. */
  readonly preopen?: string;
}
