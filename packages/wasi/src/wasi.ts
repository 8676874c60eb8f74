import { abis } from "./abi/abi.ts";
import type { AbiName } from "./abi/abi.ts";
import { functionNames } from "./abi/functions.ts";
import type { FunctionName, Preview1 } from "./abi/functions.ts";
import { directoryRights, fileRights, mutatingRights } from "./abi/rights.ts";
import { budgetOf } from "./budget.ts";
import type { Clock } from "./clock.ts";
import { createDescriptorTable } from "./descriptor-table.ts";
import type { DescriptorTable, OpenDirectory, PreopenedDirectory } from "./descriptor-table.ts";
import type { FileSystem } from "./fs/file-system.ts";
import { createGuestMemory } from "./guest-memory.ts";
import type { GuestMemory } from "./guest-memory.ts";
import type { FileLimits, WasiLimits } from "./limits.ts";
import { array, method, object, oneOf, requireOptions } from "./option-rules.ts";
import type { OptionRules } from "./option-rules.ts";
import { preview1Calls } from "./preview1/index.ts";
import type { Random } from "./random.ts";
import { createFlushOrder, endStream } from "./stdio.ts";
import type { StdioStream } from "./stdio.ts";
import { WasiError } from "./wasi-error.ts";

/** A directory that a guest is granted, and the most that may be made below it. */
export interface GrantedDirectory extends FileLimits {
  readonly fileSystem: FileSystem;
  /** Default: `"read-write"`. */
  readonly access?: "read-only" | "read-write";
}

/** What a guest is granted, and its surroundings. */
export interface WasiOptions {
  /** The version of WASI that the guest was built for. Default: `"wasi_snapshot_preview1"`. */
  readonly abi?: AbiName;
  /** The functions that it imports. Default: all. */
  readonly names?: readonly FunctionName[];
  /** Its arguments, `argv[0]` first. Default: none. */
  readonly args?: readonly string[];
  /** Its environment variables, each as `NAME=value`. Default: none. */
  readonly env?: readonly string[];
  /** Directories by guest path, in the order of their descriptors, from 3 on. Default: none. */
  readonly preopens?: Readonly<Record<string, GrantedDirectory>>;
  readonly stdin: StdioStream;
  readonly stdout: StdioStream;
  readonly stderr: StdioStream;
  readonly clock: Clock;
  readonly random: Random;
  /** The most that it may use, below all its preopens together. Default: no limits. */
  readonly limits?: WasiLimits;
}

/** What each option of {@link createWasi} may be. */
export const wasiOptionRules: OptionRules<WasiOptions> = {
  abi: oneOf(...Object.keys(abis)),
  names: array,
  args: array,
  env: array,
  preopens: object,
  stdin: object,
  stdout: object,
  stderr: object,
  clock: object,
  random: method,
  limits: object,
};

/** WASI for one guest. */
export interface Wasi {
  /** What the guest imports. */
  readonly imports: Preview1;
  /**
   * The same functions, but they throw a `WasiError` instead of returning its
   * number: for callers that wrap them.
   */
  readonly calls: Preview1;
  /** Set the guest's memory here after instantiation: `wasi.memory.memory = instance.exports.memory`. */
  readonly memory: GuestMemory;
  readonly table: DescriptorTable;
  /** Closes everything that is open, in whatever state the guest was stopped. */
  close(): void;
}

/**
 * Opens the preopens, and creates the functions that a guest imports.
 *
 * @throws OptionError `E_OPTION`
 * @throws WasiError if a preopen can't be opened. Nothing remains open then
 */
export function createWasi(options: WasiOptions): Wasi {
  requireOptions(options, wasiOptionRules, "createWasi()");
  const { abi = "wasi_snapshot_preview1", names = functionNames } = options;
  const { args = [], env = [], preopens = {}, clock, random, limits = {} } = options;
  const total = budgetsOf(limits);
  const memory = createGuestMemory();
  const table = createDescriptorTable(limits.maxDescriptors);
  const roots: OpenDirectory[] = [];
  const close = (): void => {
    for (const it of table.all()) if (it.kind === "stream") ignoreErrno(() => endStream(it));
    for (const { handle } of roots) ignoreErrno(() => handle.close());
  };

  for (const stream of [options.stdin, options.stdout, options.stderr]) table.add(stream);
  try {
    for (const [name, granted] of Object.entries(preopens)) {
      const root = openPreopen(name, granted, total, limits.maxDepth);
      roots.push(root);
      table.add(root);
    }
  } catch (error) {
    close();
    throw error;
  }
  const context = { memory, table, clock, abi: abis[abi], flushOthers: createFlushOrder() };
  const calls = preview1Calls(context, { args, env, random }, names);
  return {
    get imports() {
      return returningErrno(calls);
    },
    calls,
    memory,
    table,
    close,
  };
}

/** What may be made below a directory, out of a total. */
type FileBudgets = Pick<PreopenedDirectory, "writtenBytes" | "files">;

const budgetsOf = ({ maxWrittenBytes, maxFiles }: FileLimits, total: FileBudgets = {}): FileBudgets => ({
  writtenBytes: budgetOf("maxWrittenBytes", maxWrittenBytes, total.writtenBytes),
  files: budgetOf("maxFiles", maxFiles, total.files),
});

function openPreopen(name: string, granted: GrantedDirectory, total: FileBudgets, maxDepth?: number): OpenDirectory {
  const { fileSystem, access = "read-write" } = granted;
  const isReadOnly = access === "read-only";
  const allowed = isReadOnly ? ~mutatingRights : ~0;
  const handle = fileSystem.open();
  return {
    kind: "directory",
    handle,
    preopen: { name, root: handle, isReadOnly, maxDepth, ...budgetsOf(granted, total) },
    path: "",
    flags: 0,
    rightsBase: directoryRights & allowed,
    rightsInheriting: (directoryRights | fileRights) & allowed,
  };
}

/** Returns the errno that a call throws. Any other error is passed on: it ends the guest. */
function returningErrno(calls: Preview1): Preview1 {
  const guarded = Object.entries(calls).map(([name, call]) => [
    name,
    (...args: never[]): number => {
      try {
        return (call as (...args: never[]) => number)(...args);
      } catch (error) {
        if (error instanceof WasiError) return error.errno;
        throw error;
      }
    },
  ]);
  return Object.fromEntries(guarded) as Preview1;
}

/** Closes something, and ignores an errno: there is nobody left to report it to. */
function ignoreErrno(close: () => void): void {
  try {
    close();
  } catch (error) {
    if (!(error instanceof WasiError)) throw error;
  }
}
