import { applyChanges, memory, WasiKitError } from "@wasi-kit/runner";
import type { ErrorCode, MemoryTree, RunResult } from "@wasi-kit/runner";
import type { ProgramRequest } from "./request.ts";

/** What a client gets of a run. */
export interface Answer {
  outcome: RunResult["outcome"];
  exitCode: number;
  /** The limit that ended it. */
  limit?: string;
  /** How it trapped. */
  trap?: string;
  stdout: string;
  stderr: string;
  /** The files in `/work` that it made or changed: text, or else in base64. */
  files: Record<string, string | { base64: string }>;
}

export const createAnswer = (result: RunResult, request: ProgramRequest): Answer => ({
  outcome: result.outcome,
  exitCode: result.exitCode,
  ...(result.limit ? { limit: result.limit } : {}),
  ...(result.trap ? { trap: result.trap.message } : {}),
  stdout: result.stdout,
  stderr: result.stderr,
  files: changedFiles(result, request.files),
});

/** How long it waited and ran, as the header `server-timing` has it. */
export const timing = ({ queueMs = 0, durationMs }: RunResult): string =>
  `queue;dur=${queueMs.toFixed(1)}, run;dur=${durationMs.toFixed(1)}`;

function changedFiles({ changes }: RunResult, uploaded: ProgramRequest["files"]): Answer["files"] {
  const changed = changes?.["/work"] ?? [];
  if (changed.length === 0) return {};
  const work = memory(uploaded);
  applyChanges(changed, work);
  const files = flatten(work.tree()).filter(([path, bytes]) => !uploaded[path] || bytes.compare(uploaded[path]) !== 0);
  return Object.fromEntries(files.map(([path, bytes]) => [path, encode(bytes)]));
}

/** The files of a tree by path. Links are left out. */
const flatten = (tree: MemoryTree, from = ""): [path: string, bytes: Buffer][] =>
  Object.entries(tree).flatMap(([name, entry]): [string, Buffer][] => {
    if (typeof entry === "string" || entry instanceof Uint8Array) return [[from + name, Buffer.from(entry)]];
    return "/symlink" in entry ? [] : flatten(entry as MemoryTree, `${from}${name}/`);
  });

const encode = (bytes: Buffer): string | { base64: string } => {
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : { base64: bytes.toString("base64") };
};

/** The status of a run that could not start. All that is not named here is the program's fault: 422. */
const statuses: Partial<Record<ErrorCode, 400 | 503>> = {
  E_OPTION: 400,
  E_QUEUE_FULL: 503,
  E_QUEUE_TIMEOUT: 503,
  E_POOL_CLOSED: 503,
  E_DESCRIPTORS: 503,
};

/** What a client gets if there was no run. */
export function describeError(error: unknown): { status: 400 | 422 | 500 | 503; code: string; message: string } {
  if (!(error instanceof WasiKitError)) return { status: 500, code: "E_SERVER", message: "The server failed." };
  return { status: statuses[error.code] ?? 422, code: error.code, message: error.message };
}
