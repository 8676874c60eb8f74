import { createPool, describeDifference, explain, listDifferences } from "@wasi-kit/runner/browser";
import type { Difference } from "@wasi-kit/runner/browser";

/** What a program is given. */
export interface Job {
  readonly module: URL;
  readonly args: readonly string[];
  readonly stdin: string;
  /** By name: they are in its directory /sandbox. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Ends the program. */
  readonly signal: AbortSignal;
  /** Called with each write, while the program runs. */
  onOutput(chunk: Uint8Array): void;
}

/** How a program ended. */
export interface Answer {
  readonly status: string;
  /** What it changed in its directory, a line each. */
  readonly changes: readonly ChangedFile[];
}

export interface ChangedFile {
  readonly line: string;
  readonly name: string;
  /** What is in it now. Undefined if it was removed, or is no file. */
  readonly content: Uint8Array | undefined;
}

// A web worker that is kept: the page goes on while a program runs, and can end it.
const pool = createPool({ size: 1 });

/** Runs a program with what a user gave it, and nothing else. */
export async function runProgram({ module, args, stdin, files, signal, onOutput }: Job): Promise<Answer> {
  const options = {
    args,
    stdin,
    preopens: { "/sandbox": { files } },
    // A program that does not end, or fills the memory or the page, is ended.
    timeoutMs: 10_000,
    maxMemoryBytes: 64 << 20,
    maxOutputBytes: 1 << 20,
    maxWrittenBytes: 16 << 20,
  };
  const result = await pool.run(module, { ...options, signal, stdout: onOutput, stderr: onOutput });
  const { outcome, exitCode, limit, changes = {} } = result;
  const why = explain({ end: result, options })?.text;
  return {
    status: [`${outcome}, exit code ${exitCode}`, limit && `limit: ${limit}`, why].filter(Boolean).join(". "),
    changes: listDifferences(changes, options.preopens).flatMap(([, all]) => all.map(changedFile)),
  };
}

function changedFile(difference: Difference): ChangedFile {
  const { path, after } = difference;
  return {
    line: describeDifference(difference),
    name: path,
    content: after?.kind === "file" ? after.content : undefined,
  };
}
