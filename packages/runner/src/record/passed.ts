import { WasiError } from "@wasi-kit/wasi";
import type { GuestMemory } from "@wasi-kit/wasi";
import { functions } from "@wasi-kit/wasi/abi";
import type { FunctionName, Parameter } from "@wasi-kit/wasi/abi";
import type { Argument, Decoder } from "../trace/decode.ts";
import { perFunction } from "../trace/per-function.ts";
import { checksum } from "./bytes.ts";
import type { Outputs } from "./outputs.ts";
import type { WasiLine } from "./recording.ts";
import { maxArgumentBytes } from "./tape.ts";

/** Where the data that a call writes are in its arguments; -1 if it writes none. */
const dataAt = perFunction((name) =>
  (functions[name] as readonly Parameter[]).findIndex(([, type]) => type === "ciovecs"),
);

/**
 * What a guest passes to a call: by its meaning, and not by its addresses, so that
 * another build of the same program passes the same.
 */
export function describePassed(
  name: FunctionName,
  args: readonly Argument[],
  { decoder, outputs, memory }: { decoder: Decoder; outputs: Outputs; memory: GuestMemory },
): WasiLine {
  const room = outputs.room(name, args);
  const sum = sumOf(memory, dataAt(name), args);
  return {
    call: name,
    args: decoder.args(name, args),
    ...(Object.keys(room).length > 0 ? { room } : {}),
    ...(sum === undefined ? {} : { sum }),
  };
}

function sumOf(memory: GuestMemory, at: number, args: readonly Argument[]): string | undefined {
  if (at < 0) return undefined;
  try {
    const buffers = memory.buffers(Number(args[at]), Number(args[at + 1]));
    return buffers.reduce((size, { length }) => size + length, 0) > maxArgumentBytes ? checksum(buffers) : undefined;
  } catch (error) {
    if (!(error instanceof WasiError)) throw error;
    // An address outside the memory: the call fails because of it.
    return undefined;
  }
}
