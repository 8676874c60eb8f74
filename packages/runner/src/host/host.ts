import type { Clock, CopyOnWrite, FileSystem, SpillStore, StreamSink, StreamSource } from "@wasi-kit/wasi";
import type { DebugFiles } from "@wasi-kit/wasm/debug";
import type { CallLimits, Interruption } from "../limits/limits.ts";
import type { Preopens } from "../preopens/preopen.ts";

/** What the runner needs of what it runs on: Node.js or a browser. All else is the same for both. */
export interface Host {
  /** As messages name it: `Node.js`. */
  readonly name: string;
  /** Its version in messages, where it has one: ` (v20.19.0)`. */
  readonly version: string;
  /** How the command line is typed in the working directory: `npx wasi-kit`. Absent: nobody types there. */
  readonly wasiKit?: () => string;
  /** The milliseconds since some moment. */
  readonly now: () => number;
  /** The CPU time of this thread so far, in milliseconds. Absent, or undefined: the host does not say. */
  readonly cpuMs?: () => number | undefined;
  readonly clock: () => Clock;
  /** The URL of a module of JavaScript that is named by its path. */
  readonly urlOf: (path: string) => string;
  /**
   * Makes a call that may never return, and ends it early at a limit.
   *
   * @returns why it was ended early, or undefined if it returned
   * @throws what the call throws
   */
  readonly callWithLimits: (call: () => void, limits: CallLimits) => Interruption | undefined;
  /** What recordings need. Absent: it can't make any, and the option was refused. */
  readonly archive?: Archive;
  /** Its files and descriptors. Absent: it has none, and options that name one were refused. */
  readonly files?: HostFiles;
}

/** Makes a file of a recording. */
export interface Archive {
  /** In hexadecimal digits. */
  readonly sha256: (bytes: Uint8Array) => string;
  readonly compress: (text: string) => Uint8Array;
  /** The text of a file, which may be compressed. @throws what the host does if it can't be decompressed */
  readonly extract: (bytes: Uint8Array) => string;
}

interface HostFiles {
  /** @throws WasiKitError `E_PREOPEN` if what is granted is no directory that is there */
  readonly checkDirectory: (guestPath: string, path: string) => void;
  /** Opens the directories of a run that are on the host. */
  readonly openDirectories: (preopens: Preopens) => HostDirectories;
  /** A store for what does not fit into memory. */
  readonly spill: () => SpillStore;
  /** stdin from a file or a descriptor. @throws WasiKitError `E_STDIN` */
  readonly stdin: (from: { readonly file: string } | { readonly fd: number }) => StreamSource;
  /** Output to a descriptor. */
  readonly output: (fd: number) => StreamSink;
  /** What a module's debug information may be in. */
  readonly debug: DebugFiles;
}

/** The directories of a host that a run was granted. */
export interface HostDirectories {
  /** By guest path. */
  readonly fileSystems: ReadonlyMap<string, FileSystem>;
  /** The copy-on-write views that they are parts of, each by the guest path of the outermost. */
  readonly views: ReadonlyMap<string, CopyOnWrite>;
  /** Whether another process can lead the guest out of one of them. */
  readonly mayRace: boolean;
}
