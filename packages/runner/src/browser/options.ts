import type { FileSystem } from "@wasi-kit/wasi";
import type { OptionRule, OptionRules } from "@wasi-kit/wasi";
import type { Imports } from "../imports/imports.ts";
import { runOptionRules, syncRunOptionRules } from "../options.ts";
import type { RunOptions, StdinReader } from "../options.ts";
import { poolRunOptionRules } from "../pool/pool-options.ts";
import type { PoolRunOptions } from "../pool/pool-options.ts";
import type { FilesPreopen, FileSystemPreopen } from "../preopens/preopen.ts";

/**
 * What a run in a browser is granted: as on Node.js, except what only a host with files and signals has. A run with a
 * `timeoutMs` or a `signal` is made in a web worker of its own, since nothing else can end it.
 */
export interface BrowserRunOptions extends Omit<
  RunOptions,
  "preopens" | "stdin" | "stdout" | "stderr" | "handleSigint" | "breakOnPipe" | "maxCpuMs" | "record"
> {
  /** Directories by guest path: files in memory, or a file system. Default: none. */
  preopens?: Readonly<Record<string, FileSystem | FilesPreopen | FileSystemPreopen>>;
  /** What the guest reads from stdin: text, bytes, or functions. Default: nothing; a read finds the end at once. */
  stdin?: string | ArrayBuffer | ArrayBufferView | StdinReader;
  /** Where stdout goes: into the result, or to a function that is called with each write. Default: `"capture"`. */
  stdout?: "capture" | ((chunk: Uint8Array) => void);
  /** Where stderr goes. Default: `"capture"`. */
  stderr?: "capture" | ((chunk: Uint8Array) => void);
}

const {
  handleSigint: _handleSigint,
  breakOnPipe: _breakOnPipe,
  maxCpuMs: _maxCpuMs,
  record: _record,
  ...shared
} = runOptionRules;

const has = (value: unknown, ...names: string[]): boolean =>
  typeof value === "object" && value !== null && names.some((name) => name in value);

/** What the shared rule allows, except for what names a file or a descriptor. */
const withoutFiles = ([, allows]: OptionRule, expected: string): OptionRule => [
  expected,
  (value) => allows(value) && !has(value, "file", "fd"),
];

const output = withoutFiles(syncRunOptionRules.stdout, '"capture" or a function: a browser has no descriptors');

/** What each option of a run in a browser may be. */
export const browserRunOptionRules: OptionRules<BrowserRunOptions> = {
  ...shared,
  preopens: [
    'an object by guest path, such as { "/data": { files: { "a.txt": "text" } } }: a browser has no directories',
    (value) =>
      shared.preopens[1](value) &&
      Object.values(value as object).every((it) => typeof it !== "string" && !has(it, "path")),
  ],
  stdin: withoutFiles(
    syncRunOptionRules.stdin,
    "a string, bytes, or { read, poll }: a browser has no files and no descriptors",
  ),
  stdout: output,
  stderr: output,
};

/** What a library in a browser is granted. It is in the thread that calls it, so that nothing could end a call. */
export interface BrowserLibraryOptions extends Omit<BrowserRunOptions, "timeoutMs" | "signal" | "imports"> {
  /** Functions of your own, by module and name. Default: none. */
  imports?: Imports;
}

const { timeoutMs: _timeoutMs, signal: _signal, ...ofLibraries } = browserRunOptionRules;

/** What each option of such a library may be. */
export const browserLibraryOptionRules: OptionRules<BrowserLibraryOptions> = {
  ...ofLibraries,
  imports: syncRunOptionRules.imports,
};

/** What a run in a pool of web workers is granted, and how it waits for a worker. */
export interface BrowserPoolRunOptions extends BrowserRunOptions, Pick<PoolRunOptions, "key" | "queueTimeoutMs"> {}

/** What each option of such a run may be. */
export const browserPoolRunOptionRules: OptionRules<BrowserPoolRunOptions> = {
  ...browserRunOptionRules,
  key: poolRunOptionRules.key,
  queueTimeoutMs: poolRunOptionRules.queueTimeoutMs,
};
