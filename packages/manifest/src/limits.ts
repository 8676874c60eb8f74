import * as v from "valibot";

/** The most that a run may use of something: the unit of its number, and what a wasi.json's schema says of it. */
const limits = {
  timeoutMs: [
    "ms",
    "Milliseconds after which the run is ended. Default: ten seconds in tests, and no limit in wasi-kit run.",
  ],
  maxMemoryBytes: [
    "bytes of memory",
    "The most memory that the guest may have, in bytes. Default: the module's own limit.",
  ],
  maxMemories: ["memories", "The most memories that the module may have. Default: no limit."],
  maxTableElements: [
    "table elements",
    "The most elements that the guest's tables may have together. Default: the module's own limit.",
  ],
  maxGcTypes: [
    "types of structures and arrays",
    "The most types of structures and arrays that the module may declare (the garbage-collection proposal). Default: no limit.",
  ],
  maxOutputBytes: [
    "bytes of output",
    "The most that the guest may write to stdout and stderr together, in bytes. Default: 64 MiB of what is captured.",
  ],
  maxInputBytes: [
    "bytes of stdin",
    "The most that the guest may read from stdin, in bytes; to read more ends the run. Default: no limit.",
  ],
  maxCalls: [
    "calls",
    "The most calls of WASI's functions that the guest may make; one more ends the run. Default: no limit.",
  ],
  maxWrittenBytes: [
    "bytes written to files",
    "The most that the guest may write to files, in bytes; a call that would exceed it fails with dquot. Default: no limit.",
  ],
  maxFiles: [
    "files made",
    "The most files, directories and links that the guest may make; one more fails with dquot. Default: no limit.",
  ],
  maxDescriptors: [
    "open descriptors",
    "The most descriptors that the guest may have open at the same time, those that it starts with included; to open one more fails with mfile. Default: 65536.",
  ],
  maxDepth: [
    "names deep",
    "How many names deep below its preopen a path may lead; a deeper one fails with nametoolong. Default: no limit.",
  ],
} as const;

/** A limit by its key in a run. */
export type RunLimitName = keyof typeof limits;

/** The keys of a run that limit it. */
export const runLimitNames = Object.keys(limits) as readonly RunLimitName[];

/** What a limit is, as a person reads it: `"1000 ms"`. */
export const describeLimit = (name: RunLimitName, value: number): string => `${value} ${limits[name][0]}`;

const positive = v.pipe(v.number(), v.integer("a whole number"), v.minValue(1, "a whole number above 0"));
const amount = v.pipe(v.number(), v.integer("a whole number"), v.minValue(0, "a whole number, 0 or above"));
const time = v.pipe(positive, v.maxValue(0xffff_ffff, "at most 4294967295"));

/** Those that may be something else than a whole number above 0. */
const others: Partial<Record<RunLimitName, typeof time | typeof amount>> = { timeoutMs: time, maxGcTypes: amount };

/** What each of some limits may be. */
export const limitEntries = <Name extends RunLimitName>(
  names: readonly Name[],
): Record<Name, v.OptionalSchema<v.GenericSchema<number>, undefined>> =>
  Object.fromEntries(
    names.map((name) => [name, v.optional(v.pipe(others[name] ?? positive, v.description(limits[name][1])))]),
  ) as unknown as Record<Name, v.OptionalSchema<v.GenericSchema<number>, undefined>>;
