import { WasiError } from "@wasi-kit/wasi";
import type { StdioStream } from "@wasi-kit/wasi";
import { errnoNames } from "@wasi-kit/wasi/abi";
import type { ErrnoName, FunctionName } from "@wasi-kit/wasi/abi";
import type { Argument, Decoder } from "../trace/decode.ts";
import type { TracedCall } from "../trace/traced-call.ts";

/** What may say why a run ended badly: `explain` reads it. */
export interface Diagnostics {
  /**
   * The calls that failed: the last sixteen, each with no more than four kibibytes of its data. Calls that every program
   * makes to find out what there is are left out.
   */
  readonly failedCalls: readonly TracedCall[];
  /**
   * How many of them, from the last one back, no successful call on a file or a directory has followed: the program may
   * have given up on these, and has got over those before.
   */
  readonly unresolved: number;
  /** Which lists the guest read. It reads each as a whole, so it does not say which argument or variable it looked for. */
  readonly queried: { readonly args: boolean; readonly env: boolean; readonly preopens: boolean };
  /** The call in which the run was ended: a read of stdin, or a wait. */
  readonly pendingCall?: TracedCall;
  /** The last four kibibytes that it wrote to stderr. */
  readonly stderrTail: string;
  /** The streams whose last line has no end yet; stdout only if the guest wrote there last. Absent: none. */
  readonly openLines?: readonly ("stdout" | "stderr")[];
}

/** Records failed calls and the end of stderr, in every run. It adds about as much to a call as a function around it. */
export interface CallRecorder {
  /** Wraps a call: a `WasiError` that it throws becomes the errno that the guest gets. */
  record(name: FunctionName, call: (...args: Argument[]) => number): (...args: Argument[]) => number;
  /** Keeps what a stream writes last. */
  recordTail(stream: StdioStream): void;
  /** Keeps whether the last line of a stream has an end. */
  recordLines(stream: StdioStream, name: "stdout" | "stderr"): void;
  /** What was recorded so far. */
  diagnostics(): Diagnostics;
}

const lineFeed = 0x0a;

const maxFailedCalls = 16;
/** Of a path, of data to be written, and of the end of stderr. */
const maxBytes = 4096;

/** Functions with which a guest reads a list. */
const queries: Readonly<Partial<Record<FunctionName, keyof Diagnostics["queried"]>>> = {
  args_get: "args",
  args_sizes_get: "args",
  environ_get: "env",
  environ_sizes_get: "env",
  fd_prestat_get: "preopens",
};

/** Functions of which a success says that the guest does without what failed before; to look at a path says nothing. */
const isProgress = (name: FunctionName): boolean =>
  /^path_(?!filestat_get|readlink)|^fd_(read|pread|pwrite|readdir)$/.test(name);

/** Functions that wait. */
const waitingCalls: ReadonlySet<FunctionName> = new Set(["fd_read", "poll_oneoff"]);

/** Failures that are no news: `fd_prestat_get` fails after the last preopen, and every guest calls it until it does. */
const expected: Readonly<Partial<Record<FunctionName, readonly ErrnoName[]>>> = { fd_prestat_get: ["badf"] };

/** The errno for what a call threw. */
function errnoThrown(error: unknown): number {
  if (error instanceof WasiError) return error.errno;
  throw error;
}

/** @param makeDecoder - called at the first failed call, so that a run without one has no decoder */
export function createRecorder(makeDecoder: (maxBytes: number) => Decoder): CallRecorder {
  let decoder: Decoder | undefined;
  const decodeArgs = (...call: Parameters<Decoder["args"]>): TracedCall["args"] =>
    (decoder ??= makeDecoder(maxBytes)).args(...call);
  const failedCalls: TracedCall[] = [];
  let unresolved = 0;
  const queried = { args: false, env: false, preopens: false };
  let pending: readonly [name: FunctionName, args: readonly Argument[]] | undefined;
  const isOpen = { stdout: false, stderr: false };
  let tail: Buffer | undefined;
  let tailSize = 0;

  const addFailure = (name: FunctionName, args: readonly Argument[], code: number): void => {
    const errno = errnoNames[code] as ErrnoName;
    if (expected[name]?.includes(errno)) return;
    if (failedCalls.length === maxFailedCalls) failedCalls.shift();
    failedCalls.push({ name, args: decodeArgs(name, args), errno });
    unresolved = Math.min(unresolved + 1, maxFailedCalls);
  };

  return {
    record(name, call) {
      const query = queries[name];
      const progresses = isProgress(name);
      const waits = waitingCalls.has(name);
      const recorded = (...args: Argument[]): number => {
        let code: number;
        try {
          code = call(...args);
        } catch (error) {
          code = errnoThrown(error);
        }
        if (code !== 0) addFailure(name, args, code);
        else if (progresses) unresolved = 0;
        return code;
      };
      if (!query && !waits) return recorded;
      return (...args) => {
        if (query) queried[query] = true;
        if (waits) pending = [name, args];
        const code = recorded(...args);
        pending = undefined;
        return code;
      };
    },
    recordTail(stream) {
      const { write } = stream;
      stream.write = (from) => {
        const written = write?.(from) ?? 0;
        const part = from.subarray(0, written).subarray(-maxBytes);
        tail ??= Buffer.alloc(2 * maxBytes);
        if (tailSize + part.length > tail.length) {
          tail.copyWithin(0, tailSize - maxBytes, tailSize);
          tailSize = maxBytes;
        }
        tail.set(part, tailSize);
        tailSize += part.length;
        return written;
      };
    },
    recordLines(stream, name) {
      const { write } = stream;
      stream.write = (from) => {
        const written = write?.(from) ?? 0;
        if (written === 0) return written;
        isOpen.stdout = false;
        isOpen[name] = from[written - 1] !== lineFeed;
        return written;
      };
    },
    diagnostics: () => ({
      failedCalls: [...failedCalls],
      unresolved,
      queried: { ...queried },
      ...(pending ? { pendingCall: { name: pending[0], args: decodeArgs(...pending) } } : {}),
      stderrTail: tail?.toString("utf8", Math.max(0, tailSize - maxBytes), tailSize) ?? "",
      ...(isOpen.stdout || isOpen.stderr
        ? { openLines: (["stdout", "stderr"] as const).filter((name) => isOpen[name]) }
        : {}),
    }),
  };
}
