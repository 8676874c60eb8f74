import { isWasm } from "@wasi-kit/wasm/binary";
import type { Frame } from "@wasi-kit/wasm/debug";
import type { ErrorCode } from "../error.ts";
import type { LimitName } from "../limits/limits.ts";
import { inspectBytes } from "../module/inspection.ts";
import type { Inspection } from "../module/inspection.ts";
import type { SyncRunOptions } from "../options.ts";
import type { Outcome } from "../outcome.ts";
import type { RunResult } from "../result.ts";
import type { WasiCall, TracedDescriptor } from "../trace/traced-call.ts";
import type { Diagnostics } from "./recorder.ts";

/** What `explain` is given. */
export interface ExplainInput {
  /** What the run was granted. */
  readonly options: SyncRunOptions;
  /** The result of the run, or the `WasiKitError` that it could not start with. */
  readonly end:
    | Pick<RunResult, "outcome" | "exitCode" | "trap" | "limit" | "diagnostics">
    | { readonly code: ErrorCode; readonly message: string };
  /** Returns the bytes of the module, or of the file that is not a module. Called only if a diagnosis needs them. */
  bytes?(): Uint8Array | undefined;
}

/** The same, as the diagnoses read it. */
export interface ExplainContext {
  readonly options: SyncRunOptions;
  /** The module's bytes; empty if there are none. */
  bytes(): Uint8Array;
  /** What is in the module; undefined if it is no file of WebAssembly. */
  inspection(): Inspection | undefined;
  /** Why it could not start. */
  readonly error: ErrorCode | undefined;
  readonly outcome: Outcome | undefined;
  /** The limit that it reached. */
  readonly limit: LimitName | undefined;
  /** What the engine said of a trap. */
  readonly trap: string | undefined;
  readonly diagnostics: Diagnostics;
  /** The failed calls that the program may have given up on. */
  readonly failedCalls: readonly WasiCall[];
  /** The functions that were running at a trap, innermost first. */
  frames(): readonly Frame[];
  /** Guest paths of preopens. */
  readonly preopens: readonly string[];
}

const noDiagnostics: Diagnostics = {
  failedCalls: [],
  unresolved: 0,
  queried: { args: false, env: false, preopens: false },
  stderrTail: "",
};

export function createContext(input: ExplainInput): ExplainContext {
  const { options, end } = input;
  const result = "outcome" in end ? end : undefined;
  const diagnostics = result?.diagnostics ?? noDiagnostics;
  let bytes: Uint8Array | undefined;
  let inspection: Inspection | undefined;
  const readBytes = (): Uint8Array => (bytes ??= input.bytes?.() ?? new Uint8Array());
  return {
    options,
    bytes: readBytes,
    inspection: () => (isWasm(readBytes()) ? (inspection ??= inspectBytes(readBytes())) : undefined),
    error: "outcome" in end ? undefined : end.code,
    outcome: result?.outcome,
    limit: result?.limit,
    trap: result?.trap?.message,
    diagnostics,
    failedCalls: diagnostics.failedCalls.slice(diagnostics.failedCalls.length - diagnostics.unresolved),
    frames: () => result?.trap?.frames ?? [],
    preopens: Object.keys(options.preopens ?? {}),
  };
}

/** A path that a call failed on, as the guest could name it, and the preopen that the call went through. */
export interface FailedPath {
  readonly call: WasiCall;
  readonly path: string;
  readonly preopen: string | undefined;
}

/** The last failed call that is about a path, with one of these errors. */
export function lastFailedPath({ failedCalls }: ExplainContext, ...errors: readonly string[]): FailedPath | undefined {
  const failed = failedCalls.filter((it) => errors.includes(it.errno ?? "")).map(withPath);
  return failed.findLast((it): it is FailedPath => it.path !== undefined);
}

/** Errors because something else is at the path. */
export const conflictErrnos = ["exist", "notempty", "isdir", "notdir", "nxio"] as const;

function withPath(call: WasiCall): Omit<FailedPath, "path"> & { readonly path: string | undefined } {
  const { name, args, errno } = call;
  // Of two paths, the one that the error is about. The old path of a symbolic link is text, and is not looked up.
  const which = name === "path_symlink" || conflictErrnos.some((it) => it === errno) ? "new" : "old";
  const { path: start, preopen } = (args[`${which}_fd`] ?? args["fd"] ?? {}) as Partial<TracedDescriptor>;
  const path = args["path"] ?? args[`${which}_path`];
  if (typeof path !== "string") return { call, path: start, preopen };
  return { call, path: path.startsWith("/") || start === undefined ? path : join(start, path), preopen };
}

const join = (directory: string, path: string): string => `${directory.replace(/\/+$/, "")}/${path}`;

/**
 * What a guest says of a path that no preopen leads to. The C library looks through the preopens by itself, so that no
 * call fails: Rust gives the errno, 44 (noent) or 76 (notcapable), and older versions of it and programs that look
 * themselves say it in words, with the path.
 *
 * @see https://github.com/WebAssembly/wasi-libc/blob/main/libc-bottom-half/sources/preopens.c
 */
const unreachedLine = /^.*(?:\bpre-?open(?:ed)?\b|\bdirectory\b.*\bgranted\b).*$/im;
const pathInLine = /"([^"\n]+)"|(?:^|\s)(\/[^\s"':,;]+)/;
const unreachedErrno = /\(os error (44|76)\)|\bcode: (44|76)\b|Capabilities insufficient/;
/** An absolute path before it in its line, as programs write it that say what they could not open. */
const pathAtErrno = /(?:^|[\s"'`])(\/[^\s"'`:,;]+).*(?:\(os error (?:44|76)\)|\bcode: (?:44|76)\b)/m;

/** A path before the errno, as perror() of C writes it. A word that is no path may be there, too. */
const deniedPath = /(?:^|\s)(\/\S+): Capabilities insufficient$/m;

/**
 * Whether the guest says that it found no preopen for a path, and which path if it says that.
 *
 * @returns undefined if it does not say so, or if that may be said of a call that failed
 */
export function unreached({ diagnostics, failedCalls }: ExplainContext): { readonly path?: string } | undefined {
  if (!diagnostics.queried.preopens || failedCalls.length > 0) return undefined;
  const [line] = unreachedLine.exec(diagnostics.stderrTail) ?? [];
  if (line !== undefined) {
    const [, quoted, bare] = pathInLine.exec(line) ?? [];
    const path = quoted ?? bare;
    return path === undefined ? {} : { path };
  }
  const [, named] = deniedPath.exec(diagnostics.stderrTail) ?? [];
  if (named !== undefined) return { path: named };
  const isOfCall = diagnostics.failedCalls.some(({ errno }) => errno === "noent" || errno === "notcapable");
  if (isOfCall || !unreachedErrno.test(diagnostics.stderrTail)) return undefined;
  const [, said] = pathAtErrno.exec(diagnostics.stderrTail) ?? [];
  return said === undefined ? {} : { path: said };
}

/** Whether a path is a directory or below it, both as a guest names them. */
export function contains(directory: string, path: string): boolean {
  const [inner, outer] = [components(path), components(directory)];
  return outer.every((component, i) => component === inner[i]);
}

const components = (path: string): string[] => path.split("/").filter((it) => it !== "" && it !== ".");
