import { errno } from "./preview1/errno.ts";
import type { Guest } from "./guest.ts";
import type { FunctionName, Preview1 } from "./preview1/functions.ts";
import { functions } from "./preview1/functions.ts";
import type { RunOptions } from "./options.ts";

/** The ground floor: node:wasi with what a run was granted. */
export interface Host {
  /** Its functions, each wrapped. */
  imports: Preview1;
  /** Tells node:wasi the memory of the instantiated guest. */
  bind(): void;
  /** Closes every descriptor that the guest left open. */
  close(): void;
}

/** What `proc_exit` throws to leave the guest. */
export class ProcessExit {
  readonly exitCode: number;

  constructor(exitCode: number) {
    this.exitCode = exitCode;
  }
}

const firstPreopen = 3;

/** Opens the preopens of a run through node:wasi. */
export function openHost(guest: Guest, { preopens = {} }: RunOptions): Host {
  const { WASI } = loadNodeWasi();
  const wasi = new WASI({ version: "preview1", preopens: { ...preopens } });
  const native = wrap(wasi.wasiImport as unknown as Preview1);
  let highest = firstPreopen + Object.keys(preopens).length - 1;

  const imports: Preview1 = {
    ...native,
    path_open(...call) {
      const result = native.path_open(...call);
      if (result === errno.success) highest = Math.max(highest, guest.u32(call[8]));
      return result;
    },
    fd_renumber(from, to) {
      const result = native.fd_renumber(from, to);
      if (result === errno.success) highest = Math.max(highest, to);
      return result;
    },
    proc_exit(exitCode) {
      throw new ProcessExit(exitCode >>> 0);
    },
  };

  return {
    imports,
    // `initialize` is the one documented way to hand over the memory without
    // also calling `_start`, whose end only we can tell apart.
    bind: () => wasi.initialize({ exports: { memory: guest.memory } }),
    // node:wasi never closes what it opened, preopens included: not after the
    // run, and not even when the worker it ran in has ended.
    close() {
      for (let fd = firstPreopen; fd <= highest; fd++) native.fd_close(fd);
    },
  };
}

// Native functions handed to WebAssembly directly crashed V8 on Node 20 within
// 20,000 runs (a fatal error or SIGSEGV); behind a JavaScript function, never.
// They insist on their exact number of arguments, which the spread preserves.
function wrap(native: Preview1): Preview1 {
  const wrapped = (Object.keys(functions) as FunctionName[]).map((name) => {
    const call = native[name] as (...args: unknown[]) => number;
    return [name, (...args: unknown[]) => call(...args)];
  });
  return Object.fromEntries(wrapped) as Preview1;
}

// Loading node:wasi warns that it is experimental. People who run a module did
// not choose node:wasi and can do nothing about it; other warnings stay.
function loadNodeWasi(): typeof import("node:wasi") {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule("node:wasi");
  } finally {
    process.emitWarning = emitWarning;
  }
}
