import { WasiError } from "@wasi-kit/wasi";
import type { GuestMemory, StdioStream, Wasi } from "@wasi-kit/wasi";
import { errnoNames } from "@wasi-kit/wasi/abi";
import type { ErrnoName, FunctionName, Preview1 } from "@wasi-kit/wasi/abi";
import { RunTermination } from "../limits/run-termination.ts";
import { sentError } from "../pool/sent-error.ts";
import type { Argument } from "../trace/decode.ts";
import { createHandedOut } from "./handed-out.ts";
import type { HandedOut } from "./handed-out.ts";
import { createHostValues } from "./host-values.ts";
import { describePassed } from "./passed.ts";
import { createOutputs } from "./outputs.ts";
import type { Outputs } from "./outputs.ts";
import { openedPlace, movedPlaces, placesOf } from "./places.ts";
import type { HostEndLine, HostLine, RecordedLine, WasiLine } from "./recording.ts";
import { maxArgumentBytes } from "./tape.ts";
import type { Tape } from "./tape.ts";

/** How many characters the lines of a recording may have. What comes after that is not recorded. */
const maxLength = 256 * 1024 * 1024;

type WasiFunction = (...args: Argument[]) => number;

/** A tape that keeps what the host gives to a guest. */
export function recordingTape(): Tape {
  // A line is put here before its call is made, and replaced in one step: a deadline strikes anywhere.
  const lines: (string | RecordedLine)[] = [];
  let length = 0;
  let isFull = false;
  const values = createHostValues();
  /** What each of the functions of the host that are running was handed out. */
  const running: HandedOut[] = [];
  let memory: GuestMemory | undefined;
  /** The call of WASI that is being made. */
  let current: WasiLine | undefined;
  /** What the guest threw last to a function of the host. */
  let passing: { readonly error: unknown } | undefined;

  const begin = (line: RecordedLine): number => lines.push(line) - 1;
  const put = (at: number, line: RecordedLine): void => {
    const text = JSON.stringify(line);
    length += text.length;
    isFull ||= length > maxLength;
    lines[at] = text;
  };

  return {
    answers: false,
    wasi(taped) {
      memory = taped.wasi.memory;
      for (const stream of taped.output)
        countWrites(stream, (size) => current && (current.wrote = (current.wrote ?? 0) + size));
      const decoder = taped.decoder(maxArgumentBytes);
      const outputs = createOutputs(memory, taped.abi);
      const record =
        (name: FunctionName, call: WasiFunction): WasiFunction =>
        (...args) => {
          if (isFull) return call(...args);
          const line: WasiLine = describePassed(name, args, { decoder, outputs, memory: taped.wasi.memory });
          const at = begin(line);
          current = line;
          const before = name === "path_rename" ? placesOf(taped.wasi.table) : [];
          try {
            const code = call(...args);
            const errno = errnoNames[code] as ErrnoName;
            put(at, { ...line, errno, ...(code === 0 ? answerOf(taped.wasi, outputs, name, args, before) : {}) });
            return code;
          } catch (error) {
            if (error instanceof WasiError) {
              const errno = errnoNames[error.errno] as ErrnoName;
              const out = errno === "fault" ? outputs.readAfterFault(name, args) : {};
              put(at, {
                ...line,
                errno,
                ...(error.limit ? { limit: error.limit } : {}),
                ...(Object.keys(out).length > 0 ? { out } : {}),
              });
            }
            throw error;
          } finally {
            current = undefined;
          }
        };
      return Object.fromEntries(
        taped.names.map((name) => [name, record(name, taped.wasi.calls[name] as WasiFunction)]),
      ) as Preview1;
    },

    host:
      (module, name, call) =>
      (...args) => {
        if (isFull) return call(...args);
        const line: HostLine = { import: [module, name], args: args.map(values.encode) };
        const at = begin(line);
        const handedOut = createHandedOut(memory as GuestMemory);
        running.push(handedOut);
        const end = (how: HostEndLine): void => {
          if (isFull) return;
          const writes = handedOut.writes();
          const ended = { ...how, ...(writes.length > 0 ? { writes } : {}) };
          if (lines.length === at + 1) put(at, { ...line, ...ended });
          else put(lines.length, ended);
        };
        try {
          const result = call(...args);
          end({ returned: values.encodeResults(result) });
          return result;
        } catch (error) {
          end({ threw: passing?.error === error ? "guest" : sentError(error) });
          throw error;
        } finally {
          running.pop();
        }
      },

    entering:
      (name, call) =>
      (...args) => {
        const handedOut = running.at(-1);
        if (!handedOut || isFull) return call(...args);
        const writes = handedOut.writes();
        put(lines.length, {
          export: name,
          args: args.map(values.encode),
          ...(writes.length > 0 ? { writes } : {}),
        });
        let exported: "returned" | "threw" = "threw";
        try {
          const result = call(...args);
          exported = "returned";
          return result;
        } catch (error) {
          passing = { error };
          throw error;
        } finally {
          if (!isFull) put(lines.length, { exported });
          handedOut.forget();
        }
      },

    handOut: (address, size) => running.at(-1)?.add(address, size),
    recorded: () => ({
      lines: lines.map((it) => (typeof it === "string" ? it : JSON.stringify(it))).join("\n"),
      isFull,
    }),
  };
}

/** What a call of WASI that succeeded gave. */
function answerOf(
  { table, memory }: Wasi,
  outputs: Outputs,
  name: FunctionName,
  args: readonly Argument[],
  before: ReturnType<typeof placesOf>,
): Partial<WasiLine> {
  const out = outputs.read(name, args);
  const moved = movedPlaces(before, table);
  return {
    ...(Object.keys(out).length > 0 ? { out } : {}),
    ...(name === "path_open" ? { opened: openedPlace(table, memory.u32(args.at(-1) as number)) } : {}),
    ...(moved.length > 0 ? { moved } : {}),
  };
}

/** Learns how many bytes a stream takes, also in the write in which the run is ended. */
function countWrites(stream: StdioStream, count: (size: number) => void): void {
  const { write } = stream;
  stream.write = (from) => {
    try {
      const written = write?.(from) ?? 0;
      count(written);
      return written;
    } catch (error) {
      if (error instanceof RunTermination) count(error.written);
      throw error;
    }
  };
}
