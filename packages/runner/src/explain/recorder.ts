import { WasiError } from "@wasi-kit/wasi";
import type { StdioStream } from "@wasi-kit/wasi";
import { errnoNames } from "@wasi-kit/wasi/abi";
import type { ErrnoName, FunctionName } from "@wasi-kit/wasi/abi";
import type { Argument, Decoder } from "../trace/decode.ts";
import type { TracedCall } from "../trace/traced-call.ts";

/** What a run leaves behind that may say why it ended badly: what `explain` goes by. */
export interface Clues {
  /**
   * The calls that failed, but for those that every program makes to find out what there is: the last sixteen,
   * each with no more than four kibibytes of what it was to move.
   */
  readonly refused: readonly TracedCall[];
  /** What the guest asked for as a whole: it does not say which argument or variable it looked for. */
  readonly asked: { readonly args: boolean; readonly env: boolean; readonly preopens: boolean };
  /** The call in which it was ended: a read of stdin, or a wait. */
  readonly waiting?: TracedCall;
  /** What it wrote to stderr last: at most four kibibytes. */
  readonly stderrEnd: string;
}

/** Looks at a run from beside, at next to no cost. */
export interface Witness {
  /** Wraps a call: a `WasiError` that it throws becomes the errno that the guest gets. */
  watch(name: FunctionName, call: (...args: Argument[]) => number): (...args: Argument[]) => number;
  /** Remembers what a stream writes last. */
  remember(stream: StdioStream): void;
  /** What was seen. */
  clues(): Clues;
}

const mostRefused = 16;
/** Bytes: of a path, of what was to be written, and of the end of stderr. */
const mostRemembered = 4096;

/** Functions that tell, by being called, what a guest asks for. */
const asks: Readonly<Partial<Record<FunctionName, keyof Clues["asked"]>>> = {
  args_get: "args",
  args_sizes_get: "args",
  environ_get: "env",
  environ_sizes_get: "env",
  fd_prestat_get: "preopens",
};

/** Functions that wait. */
const waits: ReadonlySet<FunctionName> = new Set(["fd_read", "poll_oneoff"]);

/** What a guest finds out by failing: `fd_prestat_get` fails behind the last preopen. */
const expected: Readonly<Partial<Record<FunctionName, readonly ErrnoName[]>>> = { fd_prestat_get: ["badf"] };

/** The errno that stands for what a call threw. */
function errnoThrown(error: unknown): number {
  if (error instanceof WasiError) return error.errno;
  throw error;
}

/**
 * A witness of a run.
 *
 * @param makeDecoder - makes what says what a call means, once there is something to say
 */
export function createWitness(makeDecoder: (mostBytes: number) => Decoder): Witness {
  let decoder: Decoder | undefined;
  const given = (...call: Parameters<Decoder["given"]>): TracedCall["given"] =>
    (decoder ??= makeDecoder(mostRemembered)).given(...call);
  const refused: TracedCall[] = [];
  const asked = { args: false, env: false, preopens: false };
  let waiting: readonly [name: FunctionName, args: readonly Argument[]] | undefined;
  let end: Buffer | undefined;
  let endSize = 0;

  const refuse = (name: FunctionName, args: readonly Argument[], code: number): void => {
    const errno = errnoNames[code] as ErrnoName;
    if (expected[name]?.includes(errno)) return;
    if (refused.length === mostRefused) refused.shift();
    refused.push({ name, given: given(name, args), errno });
  };

  return {
    watch(name, call) {
      const what = asks[name];
      const isWaiting = waits.has(name);
      const watched = (...args: Argument[]): number => {
        let code: number;
        try {
          code = call(...args);
        } catch (error) {
          code = errnoThrown(error);
        }
        if (code !== 0) refuse(name, args, code);
        return code;
      };
      if (!what && !isWaiting) return watched;
      return (...args) => {
        if (what) asked[what] = true;
        if (isWaiting) waiting = [name, args];
        const code = watched(...args);
        waiting = undefined;
        return code;
      };
    },
    remember(stream) {
      const { write } = stream;
      stream.write = (from) => {
        const written = write?.(from) ?? 0;
        const part = from.subarray(0, written).subarray(-mostRemembered);
        end ??= Buffer.alloc(2 * mostRemembered);
        if (endSize + part.length > end.length) {
          end.copyWithin(0, endSize - mostRemembered, endSize);
          endSize = mostRemembered;
        }
        end.set(part, endSize);
        endSize += part.length;
        return written;
      };
    },
    clues: () => ({
      refused: [...refused],
      asked: { ...asked },
      ...(waiting ? { waiting: { name: waiting[0], given: given(...waiting) } } : {}),
      stderrEnd: end?.toString("utf8", Math.max(0, endSize - mostRemembered), endSize) ?? "",
    }),
  };
}
