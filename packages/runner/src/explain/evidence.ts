import { isWasm } from "@wasi-kit/wasm/binary";
import type { Clues } from "./recorder.ts";
import type { ErrorCode } from "../error.ts";
import { inspectBytes } from "../module/inspect.ts";
import type { Inspection } from "../module/inspect.ts";
import type { SyncRunOptions } from "../options.ts";
import type { Outcome, RunResult } from "../result.ts";
import type { TracedCall, TracedDescriptor } from "../trace/traced-call.ts";

/** What there is to go by. */
export interface Evidence {
  /** What the run was granted. */
  readonly options: SyncRunOptions;
  /** Its result, or the error because of which it has none. */
  readonly end: Pick<RunResult, "outcome" | "exitCode" | "trap" | "clues"> | Unstarted;
  /** The module's bytes, or those of what is no module; asked for where they matter. */
  bytes?(): Uint8Array | undefined;
}

/** Why a run could not start: a `WasiKitError`. */
interface Unstarted {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The same, as the diagnoses ask for it. */
export interface Facts {
  readonly options: SyncRunOptions;
  /** The module's bytes; none where there are none to be had. */
  bytes(): Uint8Array;
  /** What is in it; nothing where it is no file of WebAssembly. */
  inspection(): Inspection | undefined;
  /** Why it could not start. */
  readonly error: ErrorCode | undefined;
  readonly outcome: Outcome | undefined;
  /** What the engine said of a trap. */
  readonly trap: string | undefined;
  readonly clues: Clues;
  /** Guest paths of preopens. */
  readonly preopens: readonly string[];
}

const noClues: Clues = { refused: [], asked: { args: false, env: false, preopens: false }, stderrEnd: "" };

/** Lays evidence out. */
export function factsOf(evidence: Evidence): Facts {
  const { options, end } = evidence;
  const result = "outcome" in end ? end : undefined;
  let bytes: Uint8Array | undefined;
  let inspection: Inspection | undefined;
  const readBytes = (): Uint8Array => (bytes ??= evidence.bytes?.() ?? new Uint8Array());
  return {
    options,
    bytes: readBytes,
    inspection: () => (isWasm(readBytes()) ? (inspection ??= inspectBytes(readBytes())) : undefined),
    error: "outcome" in end ? undefined : end.code,
    outcome: result?.outcome,
    trap: result?.trap?.message,
    clues: result?.clues ?? noClues,
    preopens: Object.keys(options.preopens ?? {}),
  };
}

/** A path that a call was refused, as the guest could name it, and the preopen that the call went through. */
export interface RefusedPath {
  readonly call: TracedCall;
  readonly path: string;
  readonly preopen: string | undefined;
}

/** The last refused call that is about a path, with one of these errors. */
export function refusedPath({ clues }: Facts, ...errors: readonly string[]): RefusedPath | undefined {
  const told = clues.refused.filter((it) => errors.includes(it.errno ?? "")).map(withPath);
  return told.findLast((it): it is RefusedPath => it.path !== undefined);
}

/** What is refused because it is there already, or is no place for what was to be put there. */
export const inTheWay = ["exist", "notempty", "isdir", "notdir", "nxio"] as const;

function withPath(call: TracedCall): Omit<RefusedPath, "path"> & { readonly path: string | undefined } {
  const { name, given, errno } = call;
  // Of two paths, the one that the error is about; the old one of a symbolic link is text, and leads nowhere yet.
  const which = name === "path_symlink" || inTheWay.some((it) => it === errno) ? "new" : "old";
  const { path: start, preopen } = (given[`${which}_fd`] ?? given["fd"] ?? {}) as Partial<TracedDescriptor>;
  const path = given["path"] ?? given[`${which}_path`];
  if (typeof path !== "string") return { call, path: start, preopen };
  return { call, path: path.startsWith("/") || start === undefined ? path : join(start, path), preopen };
}

const join = (directory: string, path: string): string => `${directory.replace(/\/+$/, "")}/${path}`;

/** An absolute path, as a message has it: between quotes with anything in it, else to the next space or mark. */
const quoted = /["'`](\/[^"'`\n]+)["'`]/g;
const plain = /(?:^|[\s(=])(\/[^\s"'`(),:;]+)/g;

/** Absolute paths that no preopen leads to, which the guest named in its last message or had as arguments. */
export function pathsOutside({ clues, options, preopens }: Facts): string[] {
  const named = [quoted, plain].flatMap((pattern) =>
    [...clues.stderrEnd.matchAll(pattern)].map(([, path = ""]) => path),
  );
  const passed = (options.args ?? []).filter((it) => it.startsWith("/"));
  return [...new Set([...named, ...passed])].filter((path) => !preopens.some((preopen) => leadsTo(preopen, path)));
}

/** Whether a path lies in a directory, both as a guest names them. */
export function leadsTo(directory: string, path: string): boolean {
  const [inner, outer] = [parts(path), parts(directory)];
  return outer.every((part, i) => part === inner[i]);
}

const parts = (path: string): string[] => path.split("/").filter((part) => part !== "" && part !== ".");
