import { readFileSync } from "node:fs";
import type { Capture } from "./capture.ts";
import type { Stream } from "./descriptors.ts";
import { WasiKitError } from "./error.ts";
import { hostInput, hostOutput } from "./host-streams.ts";
import type { Input, Output } from "./options.ts";
import type { Preview1 } from "./preview1/functions.ts";
import { rights } from "./preview1/rights.ts";
import type { Rights } from "./preview1/rights.ts";

/** What can be done to a stream. */
export const streamRights: { read: Rights; write: Rights } = {
  read: rights("fd_read", "fd_fdstat_set_flags", "fd_filestat_get", "poll_fd_readwrite"),
  write: rights("fd_write", "fd_fdstat_set_flags", "fd_filestat_get", "fd_sync", "fd_datasync", "poll_fd_readwrite"),
};

const reading = {
  kind: "stream",
  name: "stdin",
  base: streamRights.read,
  inheriting: 0,
  flags: 0,
  isTerminal: () => false,
} as const;
const writing = { kind: "stream", base: streamRights.write, inheriting: 0, flags: 0, isTerminal: () => false } as const;

/** The stream for what a run was granted as stdin. */
export function input(from: Input, native: Preview1): Stream {
  if (typeof from === "string" || from instanceof Uint8Array) return { ...reading, ...memoryInput(from) };
  if ("read" in from) return { ...reading, ...from };
  return { ...reading, ...("fd" in from ? hostInput(from.fd, native) : memoryInput(readInput(from.file))) };
}

function readInput(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new WasiKitError("E_STDIN", `The file ${file}, which is to be stdin, can't be read (${code}).`, { cause });
  }
}

function memoryInput(content: string | Uint8Array): Required<Pick<Stream, "read" | "poll">> {
  let rest = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    read(into) {
      const chunk = rest.subarray(0, into.length);
      into.set(chunk);
      rest = rest.subarray(chunk.length);
      return chunk.length;
    },
    poll: () => ({ nbytes: BigInt(rest.length), isHangup: rest.length === 0 }),
  };
}

/** The stream for what a run was granted as stdout or stderr. */
export function output(name: "stdout" | "stderr", where: Output, captured: Capture): Stream {
  if (typeof where === "object") return { ...writing, name, ...hostOutput(where.fd) };
  const pass = where === "capture" ? captured.add : (from: Uint8Array) => where(from.slice());
  return {
    ...writing,
    name,
    write(from) {
      pass(from);
      return from.length;
    },
  };
}
