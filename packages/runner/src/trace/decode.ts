import { isUtf8 } from "node:buffer";
import type { DescriptorTable, GuestMemory } from "@wasi-kit/wasi";
import {
  abis,
  errnoNames,
  fdflags,
  fstflags,
  lookupflags,
  oflags,
  riflags,
  sdflags,
  subclockflags,
  functions,
  advice,
  clockid,
  dirent,
  event,
  eventtype,
  fdstat,
  filetype,
  prestat,
  whence,
  rightNames,
} from "@wasi-kit/wasi/abi";
import type { Abi, AbiName, FunctionName, Parameter, ParameterType } from "@wasi-kit/wasi/abi";
import { perFunction } from "./per-function.ts";
import type { TracedData, TracedDescriptor, TracedValue, TracedValues } from "./traced-call.ts";

/** What it takes to say what a call means. */
export interface Decoder {
  /** What the guest passes. To be asked before the call is made. */
  given(name: FunctionName, args: readonly Argument[]): TracedValues;
  /** What it was answered. To be asked after a call that succeeded. */
  answer(name: FunctionName, args: readonly Argument[]): TracedValues;
}

/** An argument as it arrives from WebAssembly. */
export type Argument = number | bigint;

/** What a guest's calls are about. */
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

/** How many bytes an entry of a list stands for, where no more than so many bytes are kept. */
const bytesPerEntry = 16;

/** A parameter of a call that is being decoded. One object serves all: a guest makes many calls. */
interface Place {
  readonly memory: GuestMemory;
  readonly table: DescriptorTable;
  readonly abi: Abi;
  /** As many bytes as are kept of what is moved at once. */
  readonly mostBytes: number;
  /** The strings that the call gives, where it gives some: `args_get` and `environ_get`. */
  strings: readonly string[];
  /** Its argument. */
  value: Argument;
  /** The length that belongs to it: of a path, of a list, or of the room for an answer. */
  length: number;
  /** Where the call says how much of the room it filled; absent where it fills all. */
  filledAt: number | undefined;
}

type Decode = (place: Place) => TracedValue;

/** A parameter that means something, and where those stand that belong to it; -1 where there is none. */
interface Step {
  readonly key: string;
  readonly decode: Decode;
  readonly at: number;
  readonly lengthAt: number;
  readonly filledAt: number;
}

/**
 * Says what a guest's calls mean, in terms of its memory and its descriptors, which it reads and never writes.
 *
 * @param mostBytes - of what a guest moves at once, no more than this is kept: it may be its whole memory. Default: 1 MiB
 */
export function createDecoder(
  { memory, table, abi, args: argv, env }: TracedGuest,
  mostBytes: number = 1024 * 1024,
): Decoder {
  const place: Place = {
    memory,
    table,
    abi: abis[abi],
    mostBytes,
    strings: [],
    value: 0,
    length: 0,
    filledAt: undefined,
  };
  const decode = (steps: readonly Step[], args: readonly Argument[]): TracedValues => {
    const values: Record<string, TracedValue> = {};
    for (const { key, decode: read, at, lengthAt, filledAt } of steps) {
      place.value = args[at] as Argument;
      place.length = lengthAt < 0 ? 0 : Number(args[lengthAt]) >>> 0;
      place.filledAt = filledAt < 0 ? undefined : Number(args[filledAt]);
      try {
        values[key] = read(place);
      } catch {
        // An address outside its memory. The call will say so, or has not looked at it.
      }
    }
    return values;
  };
  return {
    given: (name, args) => decode(planOf(name).before, args),
    answer(name, args) {
      place.strings = name === "args_get" ? argv : env;
      return decode(planOf(name).after, args);
    },
  };
}

/** How much of the room for an answer was filled. */
function filled({ memory, length, filledAt }: Place): number {
  return filledAt === undefined ? length : Math.min(memory.u32(filledAt), memory.memory.buffer.byteLength);
}

const planOf = perFunction((name) => ({
  before: stepsOf(functions[name], before),
  after: stepsOf(functions[name], after),
}));

function stepsOf(
  parameters: readonly Parameter[],
  decoders: Readonly<Partial<Record<ParameterType, Decode>>>,
): readonly Step[] {
  const next = (from: number, wanted: ParameterType): number =>
    parameters.findIndex(([, type], at) => at > from && type === wanted);
  return parameters.flatMap(([key, type], at) => {
    const decode = decoders[type];
    return decode ? [{ key, decode, at, lengthAt: next(at, "length"), filledAt: next(at, "ptr<size>") }] : [];
  });
}

/** What the memory passes, by what it is. */
const before: Partial<Record<ParameterType, Decode>> = {
  fd: ({ value, table }) => describe(Number(value), table),
  path: ({ memory, value, length, mostBytes }) => text(memory.bytes(Number(value), Math.min(length, mostBytes))),
  ciovecs: ({ memory, value, length, mostBytes }) => data(memory.buffers(Number(value), length), mostBytes),
  subscriptions: ({ memory, abi, value, length, table, mostBytes }) =>
    list(length, mostBytes, (i) => subscription(memory, abi, Number(value) + i * abi.subscription.size, table)),
  clockid: named(clockid),
  advice: named(advice),
  whence: ({ abi, value }) => nameOf(whence, abi.whence[Number(value)] ?? Number(value)),
  fdflags: set(fdflags),
  fstflags: set(fstflags),
  lookupflags: set(lookupflags),
  oflags: set(oflags),
  riflags: set(riflags),
  siflags: set({}),
  sdflags: set(sdflags),
  rights: ({ value }) => rightsOf(BigInt(value)),
  exitcode: ({ value }) => Number(value) >>> 0,
  signal: ({ value }) => Number(value),
  u64: ({ value }) => whole(BigInt.asUintN(64, BigInt(value))),
  i64: ({ value }) => whole(BigInt.asIntN(64, BigInt(value))),
  timestamp: ({ value }) => whole(BigInt.asUintN(64, BigInt(value))),
  dircookie: ({ value }) => whole(BigInt.asUintN(64, BigInt(value))),
};

/** What is written into the memory's memory, by what it is. */
const after: Partial<Record<ParameterType, Decode>> = {
  iovecs: (place) =>
    data(upTo(filled(place), place.memory.buffers(Number(place.value), place.length)), place.mostBytes),
  "ptr<strings>": ({ strings }) => [...strings],
  "ptr<bytes>": (place) =>
    data([place.memory.bytes(Number(place.value), Math.min(filled(place), place.length))], place.mostBytes),
  "ptr<dirents>": (place) => entries(place.memory, Number(place.value), Math.min(filled(place), place.length)),
  "ptr<events>": (place) =>
    list(filled(place), place.mostBytes, (i) => happened(place.memory, Number(place.value) + i * event.size)),
  "ptr<size>": ({ memory, value }) => memory.u32(Number(value)),
  "ptr<u16>": ({ memory, value }) => memory.u16(Number(value)),
  "ptr<u64>": ({ memory, value }) => whole(memory.u64(Number(value))),
  "ptr<fd>": ({ memory, value, table }) => describe(memory.u32(Number(value)), table),
  "ptr<fdstat>": ({ memory, value }) => ({
    fs_filetype: nameOf(filetype, memory.u8(Number(value) + fdstat.fs_filetype)),
    fs_flags: flagsIn(fdflags, memory.u16(Number(value) + fdstat.fs_flags)),
    fs_rights_base: rightsOf(memory.u64(Number(value) + fdstat.fs_rights_base)),
    fs_rights_inheriting: rightsOf(memory.u64(Number(value) + fdstat.fs_rights_inheriting)),
  }),
  "ptr<filestat>": ({ memory, abi, value }) => attributes(memory, abi, Number(value)),
  "ptr<prestat>": ({ memory, value }) => ({ pr_name_len: memory.u32(Number(value) + prestat.pr_name_len) }),
};

/** What a descriptor stands for. */
function describe(value: number, table: DescriptorTable): TracedDescriptor {
  const fd = value >>> 0;
  const found = table.get(fd);
  if (!found) return { fd };
  if (found.kind === "stream") return { fd, path: found.name };
  const { path, preopen } = found;
  return {
    fd,
    path: path === "" ? preopen.name : `${preopen.name.replace(/\/+$/, "")}/${fromBytes(path)}`,
    preopen: preopen.name,
  };
}

/** The text of a byte string. */
const fromBytes = (path: string): string => (/^[ -~]*$/.test(path) ? path : Buffer.from(path, "latin1").toString());

/** A number where JSON has it exactly, else its digits. */
const whole = (value: bigint): number | string => (Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`);

const text = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();

function data(buffers: readonly Uint8Array[], mostBytes: number): TracedData {
  let size = 0;
  for (const { length } of buffers) size += length;
  const parts = upTo(mostBytes, buffers);
  // Most often there is one, which need not be copied first.
  const [first = new Uint8Array()] = parts;
  const bytes = parts.length > 1 ? Buffer.concat(parts) : Buffer.from(first.buffer, first.byteOffset, first.length);
  return isUtf8(bytes) ? { size, text: bytes.toString() } : { size, base64: bytes.toString("base64") };
}

/** So many bytes of what is in buffers. */
function upTo(size: number, buffers: readonly Uint8Array[]): readonly Uint8Array[] {
  let left = size;
  if (buffers.length === 1 && buffers[0]!.length <= size) return buffers;
  return buffers.flatMap((buffer) => {
    const part = buffer.subarray(0, left);
    left -= part.length;
    return part.length > 0 ? [part] : [];
  });
}

function list(count: number, mostBytes: number, make: (i: number) => TracedValue): TracedValue[] {
  return Array.from({ length: Math.min(count, Math.floor(mostBytes / bytesPerEntry)) }, (_, i) => make(i));
}

function nameOf(names: Readonly<Record<string, number>>, value: number): string | number {
  for (const name in names) if (names[name] === value) return name;
  return value;
}

function named(names: Readonly<Record<string, number>>): Decode {
  return ({ value }) => nameOf(names, Number(value));
}

/** Sets by their bits: a program uses the same few, and what is the same set has one list. */
type Sets<Bits> = Map<Bits, readonly TracedValue[]>;
const mostSets = 100;

function remembered<Bits>(sets: Sets<Bits>, bits: Bits, make: () => readonly TracedValue[]): readonly TracedValue[] {
  const known = sets.get(bits);
  if (known) return known;
  const made = make();
  if (sets.size < mostSets) sets.set(bits, made);
  return made;
}

/** The flags that are set, by their names; what has none as a number. */
function flagsIn(names: Readonly<Record<string, number>>, bits: number): readonly TracedValue[] {
  const known = Object.entries(names).filter(([, bit]) => (bits & bit) !== 0);
  const rest = known.reduce((left, [, bit]) => left & ~bit, bits);
  return [...known.map(([name]) => name), ...(rest === 0 ? [] : [rest])];
}

function set(names: Readonly<Record<string, number>>): Decode {
  const sets: Sets<number> = new Map();
  return ({ value }) => remembered(sets, Number(value), () => flagsIn(names, Number(value)));
}

const rightsMask = (1n << BigInt(rightNames.length)) - 1n;
const rightSets: Sets<bigint> = new Map();

function rightsOf(bits: bigint): readonly TracedValue[] {
  return remembered(rightSets, bits, () => {
    const low = Number(bits & rightsMask);
    const rest = BigInt.asUintN(64, bits) & ~rightsMask;
    return [...rightNames.filter((_, i) => low & (1 << i)), ...(rest === 0n ? [] : [`0x${rest.toString(16)}`])];
  });
}

function attributes(memory: GuestMemory, { filestat }: Abi, at: number): TracedValue {
  return {
    filetype: nameOf(filetype, memory.u8(at + filestat.filetype)),
    filesize: whole(memory.u64(at + filestat.filesize)),
    dev: whole(memory.u64(at + filestat.dev)),
    ino: whole(memory.u64(at + filestat.ino)),
    atim: whole(memory.u64(at + filestat.atim)),
    mtim: whole(memory.u64(at + filestat.mtim)),
    ctim: whole(memory.u64(at + filestat.ctim)),
  };
}

/** The entries of a directory that are there as a whole: the last one may be cut off. */
function entries(memory: GuestMemory, start: number, size: number): TracedValue {
  const found: TracedValue[] = [];
  for (let at = start; at + dirent.size <= start + size;) {
    const length = memory.u32(at + dirent.d_namlen);
    const name = at + dirent.size;
    if (name + length > start + size) break;
    found.push({ name: text(memory.bytes(name, length)), d_type: nameOf(filetype, memory.u8(at + dirent.d_type)) });
    at = name + length;
  }
  return found;
}

function subscription(memory: GuestMemory, abi: Abi, at: number, table: DescriptorTable): TracedValue {
  const layout = abi.subscription;
  const tag = memory.u8(at + layout.tag);
  const type = nameOf(eventtype, tag);
  if (tag !== eventtype.clock) return { type, fd: describe(memory.u32(at + layout.fd), table) };
  return {
    type,
    id: nameOf(clockid, memory.u32(at + layout.clock)),
    timeout: whole(memory.u64(at + layout.timeout)),
    flags: flagsIn(subclockflags, memory.u16(at + layout.flags)),
  };
}

function happened(memory: GuestMemory, at: number): TracedValue {
  return {
    type: nameOf(eventtype, memory.u8(at + event.type)),
    error: errnoNames[memory.u16(at + event.error)] ?? memory.u16(at + event.error),
  };
}
