import { realpathSync } from "node:fs";
import type { Preview1 } from "./preview1/functions.ts";
import { scratch } from "./scratch.ts";

/** The ground floor: node:wasi with the directories that a run was granted. */
export interface Host {
  /** Its functions. Addresses are those of {@link scratch}; descriptors are its own, never the guest's. */
  native: Preview1;
  /** The directories, in the order they were given. */
  directories: { host: number; path: string }[];
  /** Closes the directories. */
  close(): void;
}

const firstPreopen = 3;

/**
 * Opens directories through node:wasi.
 *
 * @param stdin - the host's descriptor that `poll_oneoff` on 0 asks about
 */
export function openHost(paths: readonly string[], stdin: number): Host {
  const { WASI } = loadNodeWasi();
  // node:wasi knows them by names of ours: it compares guest paths as text, and is misled by some.
  const preopens = Object.fromEntries(paths.map((path, i) => [`/${i}`, path]));
  const wasi = new WASI({ version: "preview1", preopens, stdin, stdout: stdin, stderr: stdin });
  // `initialize` is the documented way to hand over a memory.
  wasi.initialize({ exports: { memory: scratch.memory } });
  const native = wasi.wasiImport as unknown as Preview1;
  const directories = paths.map((path, i) => ({
    host: firstPreopen + i,
    path: (realpathSync.native(path, "latin1" as BufferEncoding) as string).replace(/\/$/, ""),
  }));

  return {
    native,
    directories,
    // node:wasi never closes what it opened, preopens included: not after the
    // run, and not even when the worker it ran in has ended.
    close() {
      for (const { host } of directories) native.fd_close(host);
    },
  };
}

// Loading node:wasi warns that it is experimental. People who run a module did
// not choose node:wasi and can do nothing about it; other warnings stay.
export function loadNodeWasi(): typeof import("node:wasi") {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule("node:wasi");
  } finally {
    process.emitWarning = emitWarning;
  }
}
