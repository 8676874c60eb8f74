import type { StdioStream, Wasi } from "@wasi-kit/wasi";
import type { FunctionName, Preview1 } from "@wasi-kit/wasi/abi";
import type { AbiName } from "@wasi-kit/wasi/abi";
import type { Decoder } from "../trace/decode.ts";
import type { RecordedCalls } from "./recording.ts";

type AnyFunction = (...args: never[]) => unknown;

/** WASI for a guest, and what a tape needs to see of it. */
interface TapedWasi {
  readonly wasi: Wasi;
  readonly abi: AbiName;
  readonly names: readonly FunctionName[];
  readonly output: readonly StdioStream[];
  readonly decoder: (maxBytes: number) => Decoder;
}

/**
 * What is between a guest and its host: it records what the host gives, or gives
 * what was recorded. What observes calls (the recorder of `explain`, the trace)
 * is before it, and notices no difference.
 */
export interface Tape {
  /** Whether it gives what was recorded: then it says nothing how long a call takes. */
  readonly answers: boolean;
  /** Calls that throw a `WasiError` as those of WASI do. */
  wasi(taped: TapedWasi): Preview1;
  /** A function of the host as the guest is to call it. */
  host(module: string, name: string, call: AnyFunction): AnyFunction;
  /** A function of the guest as a function of the host is to call it. */
  entering(name: string, call: AnyFunction): AnyFunction;
  /** Learns that a function of the host got a part of the guest's memory, which it may write. */
  handOut(address: number, size: number): void;
  /** What was recorded. */
  recorded(): RecordedCalls | undefined;
}

/** How much of the data that a guest passes is kept: what is longer has a checksum. */
export const maxArgumentBytes = 4096;
