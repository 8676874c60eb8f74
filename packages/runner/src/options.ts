import { statSync } from "node:fs";
import { WasiKitError } from "./error.ts";

/** What a run is granted. The guest sees this and nothing else. */
export interface RunOptions {
  /** What follows argv[0]. Default: none. */
  args?: readonly string[];
  /** argv[0]. Default: the module's file name, or `"module.wasm"` where it has none. */
  argv0?: string;
  /** Environment variables. Default: none; nothing of the host's is passed on. */
  env?: Readonly<Record<string, string>>;
  /**
   * Directories, guest path to host path, or to what may be done there as well. Default: none.
   * Relative host paths start at the working directory.
   */
  preopens?: Readonly<Record<string, string | Preopen>>;
  /**
   * What the guest reads from stdin: text, bytes, a file, or a descriptor of the
   * host (`{ fd: 0 }` passes on the host's own). Default: nothing; a read finds
   * the end at once.
   */
  stdin?: Input;
  /** Where stdout goes: `"capture"` (default) puts it into the result, a descriptor of the host gets it at once. */
  stdout?: Output;
  /** Where stderr goes. Default: `"capture"`. */
  stderr?: Output;
  /** `false` gives the module no WASI imports at all. Default: `true`. */
  wasi?: boolean;
}

/** A directory of the host's, and what a guest may do there. */
export interface Preopen {
  /** Where it is on the host. */
  readonly path: string;
  /** `"read-only"`: nothing in it can be written, created, renamed or removed. Default: `"read-write"`. */
  readonly access?: "read-only" | "read-write";
}

/** Where input comes from. */
export type Input = string | Uint8Array | { readonly file: string } | { readonly fd: number };

/** Where output goes: into the result, or to a descriptor of the host as it is written. */
export type Output = "capture" | { readonly fd: number };

/**
 * Checks what types can't: strings that can't be handed to a guest, and host
 * directories that are not there.
 *
 * @throws WasiKitError `E_OPTION` or `E_PREOPEN`
 */
export function checkOptions({ args = [], argv0 = "", env = {}, preopens = {} }: RunOptions): void {
  for (const [i, text] of [argv0, ...args].entries()) {
    if (text.includes("\0")) throw unusable(`argument ${i}`, text);
  }
  for (const [name, value] of Object.entries(env)) {
    if (name === "" || name.includes("=")) {
      throw new WasiKitError("E_OPTION", `The environment variable ${JSON.stringify(name)} needs a name without "=".`);
    }
    if (name.includes("\0") || value.includes("\0")) throw unusable(`the environment variable ${name}`, value);
  }
  for (const [guestPath, granted] of Object.entries(preopens)) {
    const { path, access = "read-write" }: Preopen = typeof granted === "string" ? { path: granted } : granted;
    checkPreopen(guestPath, path);
    // Whoever mistypes "read-only" must not give more than they meant to.
    if (access === "read-only" || access === "read-write") continue;
    throw new WasiKitError(
      "E_PREOPEN",
      `The preopen ${guestPath} has the access ${JSON.stringify(access)}. It can be "read-only" or "read-write".`,
    );
  }
}

// A C string ends at its first NUL: the guest would see less than it was given.
function unusable(what: string, text: string): WasiKitError {
  return new WasiKitError(
    "E_OPTION",
    `A NUL can't be passed on to a guest, and ${what} has one: ${JSON.stringify(text)}.`,
  );
}

function checkPreopen(guestPath: string, hostPath: string): void {
  if (guestPath === "" || guestPath.includes("\0")) {
    throw new WasiKitError(
      "E_PREOPEN",
      `A preopen needs a guest path, and that for ${hostPath} is ${JSON.stringify(guestPath)}.`,
    );
  }
  const found = statSync(hostPath, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  throw new WasiKitError(
    "E_PREOPEN",
    found
      ? `The preopen ${guestPath} is declared as ${hostPath}, which is not a directory.\nName the directory that holds it.`
      : `The preopen ${guestPath} is declared as ${hostPath}, and there is no such directory.\nCreate it (mkdir -p ${hostPath}) or declare one that is there.`,
  );
}
