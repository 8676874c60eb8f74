import type { BrowserRunOptions, Difference, Explanation, MissingGrant } from "@wasi-kit/runner/browser";
import type { Inspection } from "@wasi-kit/runner/browser";

// What a page and its run worker send to each other.

/** What a run is granted: plain data. */
export type SentOptions = Omit<BrowserRunOptions, "signal" | "stdout" | "stderr" | "trace" | "imports" | "timeoutMs">;

/** A request to the worker: a run, or a question. */
export type RunRequest =
  | { readonly kind: "run"; readonly module: Uint8Array; readonly options: SentOptions }
  | { readonly kind: "question"; readonly id: number; readonly question: Question };

/** Something that the worker is asked, and its answer. */
export interface Questions {
  /** Bytes of the memory that the last run left. */
  memory: { readonly asked: { readonly address: number; readonly size: number }; readonly answer: MemoryPart };
  /** What a module is, or why it is none. */
  inspect: { readonly asked: { readonly module: Uint8Array }; readonly answer: Inspection | string };
}

export type Question = {
  [Kind in keyof Questions]: { readonly kind: Kind } & Questions[Kind]["asked"];
}[keyof Questions];

/** A part of a guest's memory, and the size of the whole: 0 if there is none. */
export interface MemoryPart {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly total: number;
}

/** A call that the guest made, as a row of the trace. */
export interface CallRow {
  /** The module that it is imported from; undefined for WASI. */
  readonly module?: string;
  readonly name: string;
  /** What was passed, in parentheses. */
  readonly args: string;
  /** What it returned; undefined if it never did. */
  readonly result?: string;
  readonly failed: boolean;
  readonly durationMs?: number;
}

/** Where the guest was when it trapped. */
interface FrameRow {
  readonly text: string;
  readonly source?: { readonly file: string; readonly line: number; readonly column: number };
}

/** How a run ended. */
export interface RunEnd {
  readonly outcome: string;
  readonly exitCode: number;
  readonly durationMs: number;
  readonly memoryBytes: number;
  readonly limit?: string;
  readonly trap?: { readonly message: string; readonly frames: readonly FrameRow[] };
  readonly changes: readonly (readonly [guestPath: string, differences: readonly Difference[]])[];
  readonly explanation?: Explanation;
}

/** What the worker says. */
export type RunMessage =
  | { readonly kind: "output"; readonly stream: "stdout" | "stderr"; readonly bytes: Uint8Array }
  | { readonly kind: "calls"; readonly calls: readonly CallRow[]; readonly left: number }
  | { readonly kind: "end"; readonly end: RunEnd }
  /** The run could not start. */
  | { readonly kind: "failed"; readonly failure: RunFailure }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Questions[keyof Questions]["answer"] };

/** Why a run could not start. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
  readonly explanation?: Explanation;
}

export type { Explanation, Inspection, MissingGrant };
