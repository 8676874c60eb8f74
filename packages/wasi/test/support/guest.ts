import { onTestFinished } from "vitest";
import { errnoNames } from "../../src/abi/errno.ts";
import type { ErrnoName } from "../../src/abi/errno.ts";
import { oflags } from "../../src/abi/flags.ts";
import { functions } from "../../src/abi/functions.ts";
import type { FunctionName } from "../../src/abi/functions.ts";
import { iovec } from "../../src/abi/layouts.ts";
import { directoryRights, fileRights } from "../../src/abi/rights.ts";
import type { Rights } from "../../src/abi/rights.ts";
import { fixedClock } from "../../src/clock.ts";
import type { FileSystem } from "../../src/fs/file-system.ts";
import { hostDirectory } from "../../src/node/host-directory.ts";
import { seededRandom } from "../../src/random.ts";
import { bytesSource, functionSink, outputTo, stdinFrom } from "../../src/stdio.ts";
import type { StdioStream } from "../../src/stdio.ts";
import { createWasi } from "../../src/wasi.ts";
import type { GrantedDirectory, Wasi, WasiOptions } from "../../src/wasi.ts";

/** A call: the function, then its arguments. A text stands for its address and its size. */
export type Call = readonly [name: FunctionName, ...args: (number | bigint | string)[]];

/** A directory to grant: a path of the host, a file system, or either with an access. */
type Grant = string | FileSystem | GrantedDirectory | { readonly path: string; readonly access: "read-only" };

/** What the guest of a test is granted; what is left out is empty, fixed or seeded. */
export interface GuestOptions extends Partial<Omit<WasiOptions, "preopens" | "stdin">> {
  readonly preopens?: Readonly<Record<string, Grant>>;
  /** Text, or a stream. Default: empty. */
  readonly stdin?: string | StdioStream;
}

/** A guest without a module: a memory, and calls that a test makes in its place. */
export interface Guest {
  readonly wasi: Wasi;
  readonly memory: WebAssembly.Memory;
  /** Makes a call, with its numbers as a module would pass them. */
  call(...call: Call): ErrnoName;
  /** The guest's memory, as it is now. */
  view(): DataView;
  /** The bytes at an address, as text. */
  text(address: number, size: number): string;
  /** Puts bytes where they are in nobody's way, and gives their address. */
  put(bytes: Uint8Array): number;
  /** What it wrote to stdout and stderr, unless these were given. */
  output(): { readonly stdout: string; readonly stderr: string };
}

const wide: ReadonlySet<string> = new Set(["u64", "i64", "timestamp", "rights", "dircookie"]);
const [textsAt, pageSize] = [0xa000, 0x10000];

/** A guest on a WASI of its own, which is closed after the test. Addresses below 0xa000 of its two pages are free. */
export function createGuest({ preopens = {}, stdin = "", ...options }: GuestOptions = {}): Guest {
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr"): StdioStream =>
    outputTo(
      name,
      functionSink((bytes) => {
        written[name] += Buffer.from(bytes).toString();
      }),
    );
  const wasi = createWasi({
    stdout: output("stdout"),
    stderr: output("stderr"),
    clock: fixedClock({ start: "2020-07-01T00:00:00.000Z" }),
    random: seededRandom(1),
    ...options,
    stdin: typeof stdin === "string" ? stdinFrom(bytesSource(stdin)) : stdin,
    preopens: Object.fromEntries(Object.entries(preopens).map(([name, grant]) => [name, grantedOf(grant)])),
  });
  onTestFinished(() => wasi.close());
  const memory = new WebAssembly.Memory({ initial: 2 });
  wasi.memory.memory = memory;
  const { imports } = wasi;
  let end = textsAt;
  const put = (bytes: Uint8Array): number => {
    if (end + bytes.length > 2 * pageSize) throw new Error("The guest's memory has no room left for texts");
    new Uint8Array(memory.buffer).set(bytes, end);
    end += bytes.length;
    return end - bytes.length;
  };
  return {
    wasi,
    memory,
    call(name, ...args) {
      const values = args.flatMap((arg) => {
        if (typeof arg !== "string") return [arg];
        const bytes = encode(arg);
        return [put(bytes), bytes.length];
      });
      const parameters = functions[name];
      if (values.length !== parameters.length) {
        throw new Error(`${name} takes ${parameters.length} arguments, not ${values.length}`);
      }
      // A module passes signed numbers.
      const passed = parameters.map(([, type], i) =>
        wide.has(type) ? BigInt.asIntN(64, BigInt(values[i]!)) : Number(values[i]) | 0,
      );
      const code = (imports[name] as (...args: unknown[]) => number)(...passed);
      return errnoNames[code] as ErrnoName;
    },
    view: () => new DataView(memory.buffer),
    text: (address, size) => Buffer.from(memory.buffer, address, size).toString(),
    put,
    output: () => ({ ...written }),
  };
}

function grantedOf(grant: Grant): GrantedDirectory {
  if (typeof grant === "string") return { fileSystem: hostDirectory(grant) };
  if ("path" in grant) return { fileSystem: hostDirectory(grant.path), access: grant.access };
  return "open" in grant ? { fileSystem: grant } : grant;
}

/** What calls gave back. */
export interface Answers {
  /** The name of each call's errno. */
  readonly errors: ErrnoName[];
  /** The guest's memory after the last. */
  readonly memory: DataView;
  text(address: number, size: number): string;
}

/** Makes one call after another. */
export function runCalls(calls: readonly Call[], options?: GuestOptions): Answers {
  const guest = createGuest(options);
  const errors = calls.map((call) => guest.call(...call));
  return { errors, memory: guest.view(), text: guest.text };
}

/** UTF-8, except lone surrogates U+DC80 to U+DCFF: each is a byte that is not UTF-8. */
function encode(text: string): Buffer {
  const parts = Array.from(text, (char) => {
    const code = char.charCodeAt(0);
    return char.length === 1 && code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(char);
  });
  return Buffer.concat(parts);
}

/** Puts a list of buffers into memory, each with a text or with room for so many bytes, and gives the list's address. */
export function putIovecs(guest: Guest, buffers: readonly (string | number)[]): number {
  const list = new DataView(new ArrayBuffer(buffers.length * iovec.size));
  for (const [i, buffer] of buffers.entries()) {
    const bytes = typeof buffer === "string" ? encode(buffer) : new Uint8Array(buffer);
    list.setUint32(i * iovec.size + iovec.buf, guest.put(bytes), true);
    list.setUint32(i * iovec.size + iovec.buf_len, bytes.length, true);
  }
  return guest.put(new Uint8Array(list.buffer));
}

/** How a guest opens a path, from preopen 3 on unless another directory is named. */
interface Opening {
  readonly from?: number;
  readonly dirflags?: number;
  readonly oflags?: number;
  readonly fdflags?: number;
  /** Default: all that a file can have. */
  readonly rights?: Rights;
  readonly inheriting?: Rights;
}

/** The call that opens a path, and writes the number to address 0. */
export const openCall = (path: string, opening: Opening = {}): Call => {
  const { from = 3, dirflags = 0, oflags: how = 0, fdflags = 0, rights = fileRights, inheriting = 0 } = opening;
  return ["path_open", from, dirflags, path, how, BigInt(rights), BigInt(inheriting), fdflags, 0];
};

/** Opens a path that is there, and gives the descriptor's number. */
export function open(guest: Guest, path: string, opening?: Opening): number {
  const error = guest.call(...openCall(path, opening));
  if (error !== "success") throw new Error(`${path} can't be opened: ${error}`);
  return guest.view().getUint32(0, true);
}

const wholeDirectory = {
  oflags: oflags.directory,
  rights: directoryRights,
  inheriting: fileRights | directoryRights,
} as const;

/** The call that opens a directory with all rights. */
export const openDirectoryCall = (path: string): Call => openCall(path, wholeDirectory);

/** Opens a directory with all rights, and gives the descriptor's number. */
export const openDirectory = (guest: Guest, path: string, from = 3): number =>
  open(guest, path, { from, ...wholeDirectory });
