import type { DescriptorTable, GuestMemory } from "@wasi-kit/wasi";
import {
  abis,
  advice,
  clockid,
  event,
  fdflags,
  fstflags,
  functions,
  lookupflags,
  oflags,
  riflags,
  sdflags,
  whence,
} from "@wasi-kit/wasi/abi";
import type { Abi, AbiName, FunctionName, Parameter, ParameterType } from "@wasi-kit/wasi/abi";
import { utf8Text } from "../text/bytes.ts";
import { perFunction } from "./per-function.ts";
import { direntValues, eventValue, fdstatValue, filestatValue, prestatValue, subscriptionValue } from "./structs.ts";
import type { TracedValue, TracedValues } from "./traced-call.ts";
import {
  dataValue,
  descriptorValue,
  enumValue,
  firstBytes,
  flagsValue,
  integerValue,
  memoized,
  rightsValue,
} from "./values.ts";

/** Says what a guest's calls mean. */
export interface Decoder {
  /** What the guest passes. Ask before the call is made. */
  args(name: FunctionName, args: readonly Argument[]): TracedValues;
  /** What the call wrote. Ask after a call that succeeded. */
  results(name: FunctionName, args: readonly Argument[]): TracedValues;
}

/** An argument as it arrives from WebAssembly. */
export type Argument = number | bigint;

/** What the arguments of a guest's calls refer to. */
export interface TracedGuest {
  readonly memory: GuestMemory;
  readonly table: DescriptorTable;
  /** The version of the interface that it was built for. */
  readonly abi: AbiName;
  /** Its arguments, `argv[0]` first. */
  readonly args: readonly string[];
  /** Its environment, `NAME=value` each. */
  readonly env: readonly string[];
}

/** How many bytes an entry of a list counts for, if the number of bytes is limited. */
const bytesPerEntry = 16;

/** The parameter that is being decoded. One object serves all calls: a guest makes many. */
interface DecodeContext {
  readonly memory: GuestMemory;
  readonly table: DescriptorTable;
  readonly abi: Abi;
  /** How many bytes of data are kept. */
  readonly maxBytes: number;
  /** The strings that `args_get` or `environ_get` writes. */
  strings: readonly string[];
  /** The argument. */
  value: Argument;
  /** The length that belongs to it: of a path, of a list, or of a buffer for results. */
  length: number;
  /** Where the call says how much of the buffer it filled. Undefined if it fills all. */
  filledAt: number | undefined;
}

type Decode = (context: DecodeContext) => TracedValue;

/** How a parameter is decoded, and the positions of the arguments that belong to it; -1 if there is none. */
interface DecodeStep {
  readonly key: string;
  readonly decode: Decode;
  readonly at: number;
  readonly lengthAt: number;
  readonly filledAt: number;
}

/**
 * Decodes a guest's calls by its memory and its descriptors, which it reads and never writes.
 *
 * @param maxBytes - how much is kept of the data that a call reads or writes: it may be the whole memory. Default: 1 MiB
 */
export function createDecoder(
  { memory, table, abi, args: argv, env }: TracedGuest,
  maxBytes: number = 1024 * 1024,
): Decoder {
  const context: DecodeContext = {
    memory,
    table,
    abi: abis[abi],
    maxBytes,
    strings: [],
    value: 0,
    length: 0,
    filledAt: undefined,
  };
  const decodeAll = (steps: readonly DecodeStep[], args: readonly Argument[]): TracedValues => {
    const values: Record<string, TracedValue> = {};
    for (const { key, decode, at, lengthAt, filledAt } of steps) {
      context.value = args[at] as Argument;
      context.length = lengthAt < 0 ? 0 : Number(args[lengthAt]) >>> 0;
      context.filledAt = filledAt < 0 ? undefined : Number(args[filledAt]);
      try {
        values[key] = decode(context);
      } catch {
        // An address outside the memory. The call fails because of it, or has not looked at it.
      }
    }
    return values;
  };
  return {
    args: (name, args) => decodeAll(stepsOf(name).args, args),
    results(name, args) {
      context.strings = name === "args_get" ? argv : env;
      return decodeAll(stepsOf(name).results, args);
    },
  };
}

const stepsOf = perFunction((name) => ({
  args: planSteps(functions[name], argDecoders),
  results: planSteps(functions[name], resultDecoders),
}));

function planSteps(
  parameters: readonly Parameter[],
  decoders: Readonly<Partial<Record<ParameterType, Decode>>>,
): readonly DecodeStep[] {
  const next = (from: number, wanted: ParameterType): number =>
    parameters.findIndex(([, type], at) => at > from && type === wanted);
  return parameters.flatMap(([key, type], at) => {
    const decode = decoders[type];
    return decode ? [{ key, decode, at, lengthAt: next(at, "length"), filledAt: next(at, "ptr<size>") }] : [];
  });
}

const named =
  (names: Readonly<Record<string, number>>): Decode =>
  ({ value }) =>
    enumValue(names, Number(value));

function flags(names: Readonly<Record<string, number>>): Decode {
  const valueOf = memoized((bits: number) => flagsValue(names, bits));
  return ({ value }) => valueOf(Number(value));
}

const unsigned: Decode = ({ value }) => integerValue(BigInt.asUintN(64, BigInt(value)));

/** What the guest passes, by the type of the parameter. */
const argDecoders: Partial<Record<ParameterType, Decode>> = {
  fd: ({ value, table }) => descriptorValue(Number(value), table),
  path: ({ memory, value, length, maxBytes }) => utf8Text(memory.bytes(Number(value), Math.min(length, maxBytes))),
  ciovecs: ({ memory, value, length, maxBytes }) => dataValue(memory.buffers(Number(value), length), maxBytes),
  subscriptions: ({ memory, abi, value, length, table, maxBytes }) =>
    listOf(length, maxBytes, (i) => subscriptionValue(memory, abi, Number(value) + i * abi.subscription.size, table)),
  clockid: named(clockid),
  advice: named(advice),
  whence: ({ abi, value }) => enumValue(whence, abi.whence[Number(value)] ?? Number(value)),
  fdflags: flags(fdflags),
  fstflags: flags(fstflags),
  lookupflags: flags(lookupflags),
  oflags: flags(oflags),
  riflags: flags(riflags),
  siflags: flags({}),
  sdflags: flags(sdflags),
  rights: ({ value }) => rightsValue(BigInt(value)),
  exitcode: ({ value }) => Number(value) >>> 0,
  signal: ({ value }) => Number(value),
  u64: unsigned,
  i64: ({ value }) => integerValue(BigInt.asIntN(64, BigInt(value))),
  timestamp: unsigned,
  dircookie: unsigned,
};

/** What the call writes into the guest's memory, by the type of the parameter. */
const resultDecoders: Partial<Record<ParameterType, Decode>> = {
  iovecs: (context) =>
    dataValue(
      firstBytes(filledSize(context), context.memory.buffers(Number(context.value), context.length)),
      context.maxBytes,
    ),
  "ptr<strings>": ({ strings }) => [...strings],
  "ptr<bytes>": (context) =>
    dataValue([context.memory.bytes(Number(context.value), filledPart(context))], context.maxBytes),
  "ptr<dirents>": (context) => direntValues(context.memory, Number(context.value), filledPart(context)),
  "ptr<events>": (context) =>
    listOf(filledSize(context), context.maxBytes, (i) =>
      eventValue(context.memory, Number(context.value) + i * event.size),
    ),
  "ptr<size>": ({ memory, value }) => memory.u32(Number(value)),
  "ptr<u16>": ({ memory, value }) => memory.u16(Number(value)),
  "ptr<u64>": ({ memory, value }) => integerValue(memory.u64(Number(value))),
  "ptr<fd>": ({ memory, value, table }) => descriptorValue(memory.u32(Number(value)), table),
  "ptr<fdstat>": ({ memory, value }) => fdstatValue(memory, Number(value)),
  "ptr<filestat>": ({ memory, abi, value }) => filestatValue(memory, abi, Number(value)),
  "ptr<prestat>": ({ memory, value }) => prestatValue(memory, Number(value)),
};

/** How much the call says that it wrote. */
function filledSize({ memory, length, filledAt }: DecodeContext): number {
  return filledAt === undefined ? length : Math.min(memory.u32(filledAt), memory.memory.buffer.byteLength);
}

/** The same, but no more than the buffer has room for. */
const filledPart = (context: DecodeContext): number => Math.min(filledSize(context), context.length);

function listOf(count: number, maxBytes: number, make: (i: number) => TracedValue): TracedValue[] {
  return Array.from({ length: Math.min(count, Math.floor(maxBytes / bytesPerEntry)) }, (_, i) => make(i));
}
