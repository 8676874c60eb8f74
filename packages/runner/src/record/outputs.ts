import { WasiError } from "@wasi-kit/wasi";
import type { GuestMemory } from "@wasi-kit/wasi";
import { abis, event, fdstat, functions, prestat } from "@wasi-kit/wasi/abi";
import type { AbiName, FunctionName, Parameter, ParameterType } from "@wasi-kit/wasi/abi";
import { concatBytes, toBase64 } from "../text/bytes.ts";
import type { Argument } from "../trace/decode.ts";
import { perFunction } from "../trace/per-function.ts";
import { firstBytes } from "../trace/values.ts";
import { bytesOfRecorded, recordedBytes } from "./bytes.ts";
import type { RecordedBytes, RecordedEvent, RecordedOutput } from "./recording.ts";

/** A parameter at whose address a call writes. */
interface Place {
  readonly memory: GuestMemory;
  readonly abi: AbiName;
  readonly address: number;
  /** The length that belongs to it; 0 if there is none. */
  readonly length: number;
  /** How much of it the call says that it filled: all, if it does not say so. */
  readonly filled: number;
  /** Where the subscriptions of `poll_oneoff` are. */
  readonly subscriptions: number;
}

interface Output {
  read(place: Place): RecordedOutput;
  write(place: Place, recorded: never): void;
}

const sized = (size: (abi: AbiName) => number): Output => ({
  // To find out that it is no text takes ten times as long as all the rest.
  read: ({ memory, abi, address }) => ({ base64: toBase64(memory.bytes(address, size(abi))) }),
  write: ({ memory, address }, recorded: RecordedBytes) => put(memory, address, bytesOfRecorded(recorded)),
});

const number = (
  get: (memory: GuestMemory, address: number) => number,
  set: (memory: GuestMemory, address: number, value: number) => void,
): Output => ({
  read: ({ memory, address }) => get(memory, address),
  write: ({ memory, address }, recorded: number) => set(memory, address, recorded),
});

const u32 = number(
  (memory, address) => memory.u32(address),
  (memory, address, value) => memory.setU32(address, value),
);

const buffer: Output = {
  read: ({ memory, address, length, filled }) => recordedBytes(memory.bytes(address, Math.min(filled, length))),
  write: ({ memory, address }, recorded: RecordedBytes) => put(memory, address, bytesOfRecorded(recorded)),
};

/** What calls write into the guest's memory, by the type of the parameter. Strings are written by the real calls. */
const outputs: Partial<Record<ParameterType, Output>> = {
  iovecs: {
    read: ({ memory, address, length, filled }) =>
      recordedBytes(concatBytes(firstBytes(filled, memory.buffers(address, length)))),
    write({ memory, address, length }, recorded: RecordedBytes) {
      let rest = bytesOfRecorded(recorded);
      for (const into of memory.buffers(address, length)) {
        into.set(rest.subarray(0, into.length));
        rest = rest.subarray(into.length);
      }
    },
  },
  "ptr<bytes>": buffer,
  "ptr<dirents>": buffer,
  "ptr<events>": {
    read: (place) =>
      Array.from({ length: Math.min(place.filled, place.length) }, (_, i) =>
        readEvent(place, place.address + i * event.size),
      ),
    write(place, recorded: readonly RecordedEvent[]) {
      for (const [i, it] of recorded.entries()) writeEvent(place, place.address + i * event.size, it);
    },
  },
  "ptr<u16>": number(
    (memory, address) => memory.u16(address),
    (memory, address, value) => memory.setU16(address, value),
  ),
  "ptr<size>": u32,
  "ptr<fd>": u32,
  "ptr<u64>": {
    read: ({ memory, address }) => `${memory.u64(address)}`,
    write: ({ memory, address }, recorded: string) => memory.setU64(address, BigInt(recorded)),
  },
  "ptr<fdstat>": sized(() => fdstat.size),
  "ptr<filestat>": sized((abi) => abis[abi].filestat.size),
  "ptr<prestat>": sized(() => prestat.size),
};

const put = (memory: GuestMemory, address: number, bytes: Uint8Array): void =>
  memory.bytes(address, bytes.length).set(bytes);

/** A program may have put an address into `userdata`, which another build of it has elsewhere. */
function readEvent({ memory, abi, length, subscriptions }: Place, at: number): RecordedEvent {
  const userdata = memory.u64(at + event.userdata);
  const { size, userdata: field } = abis[abi].subscription;
  const of = Array.from({ length }, (_, i) => i).find((i) => memory.u64(subscriptions + i * size + field) === userdata);
  return { of: of ?? -1, bytes: { base64: toBase64(memory.bytes(at, event.size)) } };
}

function writeEvent({ memory, abi, subscriptions }: Place, at: number, { of, bytes }: RecordedEvent): void {
  const { size, userdata } = abis[abi].subscription;
  const passed = of < 0 ? undefined : memory.u64(subscriptions + of * size + userdata);
  put(memory, at, bytesOfRecorded(bytes));
  if (passed !== undefined) memory.setU64(at + event.userdata, passed);
}

/** How much is kept of a buffer of which nobody knows how far it was filled. */
const maxAfterFault = 1024 * 1024;

interface Step {
  readonly key: string;
  readonly output: Output;
  readonly at: number;
  readonly lengthAt: number;
  readonly filledAt: number;
}

const stepsOf = perFunction((name): readonly Step[] => {
  const parameters: readonly Parameter[] = functions[name];
  const next = (from: number, wanted: ParameterType): number =>
    parameters.findIndex(([, type], at) => at > from && type === wanted);
  return parameters.flatMap(([key, type], at) => {
    const output = outputs[type];
    return output ? [{ key, output, at, lengthAt: next(at, "length"), filledAt: next(at, "ptr<size>") }] : [];
  });
});

/** What the calls of a guest write into its memory. */
export interface Outputs {
  /** What a call that succeeded wrote. */
  read(name: FunctionName, args: readonly Argument[]): Record<string, RecordedOutput>;
  /** What a call may have written that then found an address outside the memory. */
  readAfterFault(name: FunctionName, args: readonly Argument[]): Record<string, RecordedOutput>;
  /** Writes that. @throws WasiError `fault` */
  write(name: FunctionName, args: readonly Argument[], recorded: Readonly<Record<string, RecordedOutput>>): void;
  /** The bytes that it has room for, by parameter. */
  room(name: FunctionName, args: readonly Argument[]): Record<string, number>;
}

export function createOutputs(memory: GuestMemory, abi: AbiName): Outputs {
  const placeOf = ({ at, lengthAt, filledAt }: Step, args: readonly Argument[], filled?: number): Place => {
    const length = lengthAt < 0 ? 0 : Number(args[lengthAt]) >>> 0;
    return {
      memory,
      abi,
      address: Number(args[at]),
      length,
      filled: filled ?? (filledAt < 0 ? length : memory.u32(Number(args[filledAt]))),
      subscriptions: Number(args[0]),
    };
  };
  return {
    read(name, args) {
      const found: Record<string, RecordedOutput> = {};
      for (const step of stepsOf(name)) found[step.key] = step.output.read(placeOf(step, args));
      return found;
    },
    readAfterFault(name, args) {
      const found: Record<string, RecordedOutput> = {};
      for (const step of stepsOf(name)) {
        try {
          found[step.key] = step.output.read(placeOf(step, args, maxAfterFault));
        } catch (error) {
          if (!(error instanceof WasiError)) throw error;
        }
      }
      return found;
    },
    write(name, args, recorded) {
      for (const step of stepsOf(name)) {
        const value = recorded[step.key];
        if (value !== undefined) step.output.write(placeOf(step, args, 0), value as never);
      }
    },
    room(name, args) {
      const found: Record<string, number> = {};
      for (const { key, output, at, lengthAt } of stepsOf(name)) {
        if (lengthAt < 0) continue;
        const length = Number(args[lengthAt]) >>> 0;
        found[key] = output === outputs.iovecs ? sizeOf(memory, Number(args[at]), length) : length;
      }
      return found;
    },
  };
}

function sizeOf(memory: GuestMemory, list: number, count: number): number {
  try {
    return memory.buffers(list, count).reduce((sum, { length }) => sum + length, 0);
  } catch (error) {
    if (!(error instanceof WasiError)) throw error;
    // The call fails because of it.
    return -1;
  }
}
