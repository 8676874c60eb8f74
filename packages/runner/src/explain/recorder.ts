import { WasiError } from "@wasi-kit/wasi";
import type { GuestMemory, StdioStream } from "@wasi-kit/wasi";
import { errnoNames, functions } from "@wasi-kit/wasi/abi";
import type { ErrnoName, FunctionName } from "@wasi-kit/wasi/abi";
import type { LimitName } from "../limits/limits.ts";
import { countAt, createCallCounts, statsOf } from "./call-counts.ts";
import type { CallCounts, RunStats } from "./call-counts.ts";
import { RunTermination } from "../limits/run-termination.ts";
import { utf8Text } from "../text/bytes.ts";
import type { Argument, Decoder } from "../trace/decode.ts";
import type { WasiCall } from "../trace/traced-call.ts";

/** What was recorded of a run to explain why it may have failed: `explain` reads it. */
export interface Diagnostics {
  /**
   * The last sixteen calls that failed, each with at most four kibibytes of its data. Failures that every program causes
   * when it looks for its preopens are left out.
   */
  readonly failedCalls: readonly WasiCall[];
  /**
   * How many of `failedCalls` came after the last successful call on a file or a directory. The program may have failed because
   * of them; after the failures before, it continued.
   */
  readonly unresolved: number;
  /** Which lists the guest read. It reads a list as a whole, so the argument or variable that it looked for is not known. */
  readonly queried: { readonly args: boolean; readonly env: boolean; readonly preopens: boolean };
  /** The call during which the run was ended: a read of stdin, or a wait. */
  readonly pendingCall?: WasiCall;
  /** The last four kibibytes that the guest wrote to stderr. */
  readonly stderrTail: string;
  /** The streams whose last line has no newline yet; stdout only if the guest wrote there last. Absent if there are none. */
  readonly openLines?: readonly ("stdout" | "stderr")[];
}

/** Records failed calls and the end of stderr, and counts calls and bytes, in every run. It costs about one more function call each. */
export interface CallRecorder {
  /** Wraps a call: a `WasiError` that it throws becomes the errno that the guest gets. */
  record(name: FunctionName, call: (...args: Argument[]) => number): (...args: Argument[]) => number;
  /** Keeps what a stream writes last. */
  recordTail(stream: StdioStream): void;
  /** Keeps whether the last line of a stream has an end, and counts what is written. */
  recordLines(stream: StdioStream, name: "stdout" | "stderr"): void;
  /** Counts what is read from stdin. */
  recordInput(stream: StdioStream): void;
  /** The limit because of which a call failed first, if one did. */
  limit(): LimitName | undefined;
  /** What was thrown to end the run, even if the guest has caught it: WebAssembly can. */
  terminated(): RunTermination | undefined;
  /** What was recorded so far. */
  diagnostics(): Diagnostics;
  /** What was counted so far. */
  stats(): RunStats;
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

/** Functions that move bytes, and which way. */
const transfers: Readonly<Partial<Record<FunctionName, "bytesRead" | "bytesWritten">>> = {
  fd_read: "bytesRead",
  fd_pread: "bytesRead",
  fd_write: "bytesWritten",
  fd_pwrite: "bytesWritten",
};

/** Functions that wait. */
const waitingCalls: ReadonlySet<FunctionName> = new Set(["fd_read", "poll_oneoff"]);

/** Failures that are no news: `fd_prestat_get` fails after the last preopen, and every guest calls it until it does. */
const expected: Readonly<Partial<Record<FunctionName, readonly ErrnoName[]>>> = { fd_prestat_get: ["badf"] };

/**
 * @param memory - that of the guest, where calls say how many bytes they moved
 * @param makeDecoder - called at the first failed call, so that a run without one has no decoder
 * @param maxCalls - the most calls that the guest may make. Default: no limit
 * @param counts - what is counted, all 0. Default: in memory of this thread's own
 */
export function createRecorder(
  memory: Pick<GuestMemory, "u32">,
  makeDecoder: (maxBytes: number) => Decoder,
  maxCalls: number = Infinity,
  counts: CallCounts = createCallCounts(),
): CallRecorder {
  const add = (at: number, amount: number): void => void (counts[at] = (counts[at] as number) + amount);
  let decoder: Decoder | undefined;
  const decodeArgs = (...call: Parameters<Decoder["args"]>): WasiCall["args"] =>
    (decoder ??= makeDecoder(maxBytes)).args(...call);
  const failedCalls: WasiCall[] = [];
  let unresolved = 0;
  const queried = { args: false, env: false, preopens: false };
  let pending: readonly [name: FunctionName, args: readonly Argument[]] | undefined;
  const isOpen = { stdout: false, stderr: false };
  let tail: Uint8Array | undefined;
  let tailSize = 0;

  let limit: LimitName | undefined;
  let terminated: RunTermination | undefined;

  /** The errno for what a call threw. */
  const errnoThrown = (error: unknown): number => {
    if (error instanceof RunTermination) terminated = error;
    if (!(error instanceof WasiError)) throw error;
    limit ??= error.limit;
    return error.errno;
  };
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
      const transfer = transfers[name];
      const sizeAt = transfer ? functions[name].findIndex(([, type]) => type === "ptr<size>") : -1;
      const recorded = (...args: Argument[]): number => {
        let code: number;
        try {
          if ((counts[countAt.calls] as number) >= maxCalls) throw new RunTermination("call-limit", "maxCalls");
          add(countAt.calls, 1);
          code = call(...args);
        } catch (error) {
          code = errnoThrown(error);
        }
        if (code !== 0) addFailure(name, args, code);
        else {
          if (progresses) unresolved = 0;
          if (transfer) add(countAt[transfer], memory.u32(args[sizeAt] as number));
        }
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
        tail ??= new Uint8Array(2 * maxBytes);
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
      const note = (from: Uint8Array, written: number): void => {
        if (written === 0) return;
        add(countAt.outputBytes, written);
        isOpen.stdout = false;
        isOpen[name] = from[written - 1] !== lineFeed;
      };
      stream.write = (from) => {
        try {
          const written = write?.(from) ?? 0;
          note(from, written);
          return written;
        } catch (error) {
          // A write that exceeds a limit is cut: what it wrote before that is there.
          if (error instanceof RunTermination) note(from, error.written);
          throw error;
        }
      };
    },
    recordInput(stream) {
      const read = stream.read?.bind(stream);
      stream.read = (into) => {
        const size = read?.(into) ?? 0;
        add(countAt.inputBytes, size);
        return size;
      };
    },
    limit: () => limit,
    terminated: () => terminated,
    stats: () => statsOf(counts),
    diagnostics: () => ({
      failedCalls: [...failedCalls],
      unresolved,
      queried: { ...queried },
      ...(pending ? { pendingCall: { name: pending[0], args: decodeArgs(...pending) } } : {}),
      stderrTail: tail ? utf8Text(tail.subarray(Math.max(0, tailSize - maxBytes), tailSize)) : "",
      ...(isOpen.stdout || isOpen.stderr
        ? { openLines: (["stdout", "stderr"] as const).filter((name) => isOpen[name]) }
        : {}),
    }),
  };
}
