import { WasiError } from "@wasi-kit/wasi";
import type { Descriptor, DirectoryHandle, FileHandle, PreopenedDirectory, StdioStream, Wasi } from "@wasi-kit/wasi";
import type { FunctionName } from "@wasi-kit/wasi/abi";
import type { Argument } from "../trace/decode.ts";
import type { RecordedPlace, WasiLine } from "./recording.ts";

/** After how many bytes the next write to a stream ends the run, if one is to. */
export interface Cut {
  at: number | undefined;
}

/** A call that is replayed. */
export interface Replayed {
  readonly line: WasiLine;
  readonly args: readonly Argument[];
  readonly wasi: Wasi;
  readonly preopens: ReadonlyMap<string, PreopenedDirectory>;
  /** After how many bytes the next write ends the run. */
  readonly cut: Cut;
  /** The call as WASI has it. */
  readonly real: () => number;
}

/** Has a write to a stream end the run, once that is asked for: `end` gets how many bytes that write has written. */
export function cutWrites(stream: StdioStream, cut: Cut, end: (written: number) => never): void {
  const { write } = stream;
  stream.write = (from) => {
    if (cut.at === undefined) return write?.(from) ?? 0;
    return end(cut.at > 0 ? (write?.(from.subarray(0, cut.at)) ?? 0) : 0);
  };
}

const callReal = ({ real }: Replayed): void => void real();

/** Calls it on what has no file behind it, and takes the errno that was recorded. */
function callUnheeded({ real }: Replayed): void {
  try {
    real();
  } catch (error) {
    if (!(error instanceof WasiError)) throw error;
  }
}

const streamOf = ({ wasi, args }: Replayed): StdioStream | undefined => {
  const found = wasi.table.get(Number(args[0]));
  return found?.kind === "stream" ? found : undefined;
};

/** What calls do besides what they write into the guest's memory. */
export const effects: Readonly<Partial<Record<FunctionName, (replayed: Replayed) => void>>> = {
  // They write addresses, which another build of the program has elsewhere.
  args_get: callReal,
  args_sizes_get: callReal,
  environ_get: callReal,
  environ_sizes_get: callReal,
  proc_exit: callReal,
  fd_close: callUnheeded,
  fd_renumber: callUnheeded,
  fd_read(replayed) {
    const size = replayed.line.out?.["nread"];
    // What it gives is overwritten by what was recorded: how much that is, is counted.
    if (typeof size === "number") streamOf(replayed)?.read?.(new Uint8Array(size));
  },
  fd_write(replayed) {
    const stream = streamOf(replayed);
    const { line, wasi, args, real } = replayed;
    if (!stream || line.wrote === undefined) return;
    const buffers = wasi.memory.buffers(Number(args[1]), Number(args[2]));
    const isWhole = line.errno === "success" && line.wrote === buffers.reduce((size, { length }) => size + length, 0);
    // It also flushes the other stream, so that both come in order.
    if (isWhole) real();
    else writeSome(replayed, stream, buffers);
  },
  path_open({ line: { opened }, wasi, preopens }) {
    if (opened) wasi.table.add(openedDescriptor(opened, preopens));
  },
  path_rename({ line: { moved = [] }, wasi, preopens }) {
    const all = wasi.table.all();
    for (const [i, place] of moved) {
      const found = all[i];
      if (found && found.kind !== "stream")
        Object.assign(found, { path: place.path, preopen: preopenOf(place, preopens) });
    }
  },
};

/** Writes as much as was written. A buffer of which a part was written in the end of the run is cut by the stream. */
function writeSome({ line, cut }: Replayed, stream: StdioStream, buffers: readonly Uint8Array[]): void {
  let left = line.wrote ?? 0;
  for (const buffer of buffers) {
    if (left < buffer.length && line.errno === undefined) cut.at = left;
    stream.write?.(buffer.subarray(0, line.errno === undefined ? buffer.length : left));
    left -= buffer.length;
    if (left < 0) return;
  }
}

/** By their guest paths. A guest may close one, and open what is below it before. */
export const preopensOf = ({ table }: Wasi): Map<string, PreopenedDirectory> =>
  new Map(table.all().flatMap((it) => (it.kind === "stream" ? [] : [[it.preopen.name, it.preopen] as const])));

function preopenOf({ preopen }: RecordedPlace, preopens: ReadonlyMap<string, PreopenedDirectory>): PreopenedDirectory {
  const found = preopens.get(preopen);
  if (!found) throw new TypeError(`There is no preopen ${preopen}.`);
  return found;
}

/** Stands for what was open: no call reaches it. */
function openedDescriptor(
  opened: NonNullable<WasiLine["opened"]>,
  preopens: ReadonlyMap<string, PreopenedDirectory>,
): Descriptor {
  const common = {
    rightsBase: 0,
    rightsInheriting: 0,
    flags: 0,
    path: opened.path,
    preopen: preopenOf(opened, preopens),
  };
  const handle = { close() {} };
  return opened.kind === "file"
    ? { kind: "file", handle: handle as FileHandle, position: 0, extent: 0, ...common }
    : { kind: "directory", handle: handle as DirectoryHandle, ...common };
}
