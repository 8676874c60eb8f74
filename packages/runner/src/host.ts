import { realpathSync } from "node:fs";
import { functionNames } from "./preview1/function-names.ts";
import type { Preview1 } from "./preview1/functions.ts";
import { scratch } from "./scratch.ts";

/** The ground floor: node:wasi with the directories that a run was granted. */
export interface Host {
  /**
   * Its functions. Addresses are those of {@link scratch}; descriptors are its
   * own, never the guest's. Where there are no directories the first call opens
   * it: to load node:wasi takes longer than many a short guest, which may never
   * touch it.
   */
  native: Preview1;
  /** The directories, in the order they were given. */
  directories: { host: number; path: string }[];
  /**
   * Closes all that is open.
   *
   * @param last - the highest of its descriptors that the guest has
   */
  close(last: number): void;
}

const firstPreopen = 3;

/**
 * Prepares node:wasi.
 *
 * @param hostInput - the host's descriptor that `poll_oneoff` on 0 asks about
 */
export function openHost(paths: readonly string[], hostInput: number): Host {
  let isOpen = false;
  const native = lazily(() => {
    isOpen = true;
    return openNodeWasi(paths, hostInput);
  });
  // Before the guest starts: a run that were ended while they are opened would leave them open.
  if (paths.length > 0) native[open]();
  const directories = paths.map((path, i) => ({
    host: firstPreopen + i,
    path: (realpathSync.native(path, "latin1" as BufferEncoding) as string).replace(/\/$/, ""),
  }));

  return {
    native,
    directories,
    // node:wasi never closes what it opened, preopens included: not after the
    // run, and not even when the worker it ran in has ended.
    close(last) {
      if (!isOpen) return;
      // A guest that was ended in the middle of things may have one more than it
      // knows: node:wasi gives the lowest number that is free.
      const end = Math.max(last, firstPreopen + paths.length - 1) + 1;
      for (let fd = firstPreopen; fd <= end; fd++) native.fd_close(fd);
    },
  };
}

function openNodeWasi(paths: readonly string[], hostInput: number): Preview1 {
  const { WASI } = loadNodeWasi();
  // node:wasi knows them by names of ours: it compares guest paths as text, and is misled by some.
  const preopens = Object.fromEntries(paths.map((path, i) => [`/${i}`, path]));
  const wasi = new WASI({ version: "preview1", preopens, stdin: hostInput, stdout: hostInput, stderr: hostInput });
  // `initialize` is the documented way to hand over a memory.
  wasi.initialize({ exports: { memory: scratch.memory } });
  return wasi.wasiImport as unknown as Preview1;
}

/** Functions that are there when the first of them is asked for. */
function lazily(make: () => Preview1): Openable {
  const native = Object.create(whenAsked) as Openable;
  native[open] = () => void Object.defineProperties(native, Object.getOwnPropertyDescriptors(make()));
  return native;
}

const open = Symbol("opens node:wasi");
type Openable = Preview1 & { [open]: () => void };

/** For each function a property that opens node:wasi when it is asked for. */
const whenAsked = Object.create(
  null,
  Object.fromEntries(
    functionNames.map((name) => [
      name,
      {
        get(this: Openable) {
          this[open]();
          return this[name];
        },
      },
    ]),
  ),
) as Preview1;

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
