import type { Clues } from "./explain/recorder.ts";
import type { Frame } from "@wasi-kit/wasm/debug";
import type { LoadedModule } from "./module/load-module.ts";
import type { RunChanges } from "./preopens/open-preopens.ts";
import type { TracedCall } from "./trace/traced-call.ts";
import { createTrap } from "./trap/trap.ts";
import type { RaisedTrap } from "./trap/trap.ts";

/** How a run ended. */
export type Outcome = keyof typeof exitCodes;

/**
 * The exit code for an outcome where the guest gave none: 134, 130 and 141 are
 * what a shell reports after an abort, Ctrl-C and SIGPIPE, 124 is that of
 * timeout(1).
 */
const exitCodes = {
  exited: undefined,
  trapped: 134,
  "out-of-memory": 134,
  "output-limit": 134,
  "timed-out": 124,
  "broken-pipe": 141,
  aborted: 130,
} as const;

/** How and where a guest trapped. */
export interface Trap {
  /** What the engine says: `"unreachable"`, `"memory access out of bounds"`, … */
  message: string;
  /**
   * The functions that were running, innermost first: at most 50. `formatFrame`
   * shows one as a line. Their places in the sources are looked up when this is
   * read first, so that a trap that nobody asks about costs no more than another end.
   */
  readonly frames: Frame[];
}

/** What a run did. */
export interface RunResult {
  /**
   * `exited`: it returned from `_start` or called `proc_exit`. `trapped`: the
   * engine stopped it. `out-of-memory`: it trapped when it had all the memory
   * that `maxMemoryBytes` allows, or filled that of its worker. `output-limit`:
   * it wrote more than `maxOutputBytes`. `timed-out`: it did not end within
   * `timeoutMs`. `broken-pipe`: whoever read its output did not want more of it.
   * `aborted`: its `signal` or Ctrl-C ended it.
   */
  outcome: Outcome;
  /** The guest's exit code (0 to 4294967295); 134 for a trap, memory or output, 124 for time, 141 for a broken pipe, 130 where it was aborted. */
  exitCode: number;
  /** What it wrote to stdout, decoded as UTF-8; empty where stdout was not captured. */
  stdout: string;
  /** What it wrote to stderr, decoded as UTF-8; empty where stderr was not captured. */
  stderr: string;
  /** The same as bytes. */
  stdoutBytes: Uint8Array;
  /** The same as bytes. */
  stderrBytes: Uint8Array;
  /** From instantiation to the end, in milliseconds. */
  durationMs: number;
  /** The size of the memory that the guest exports, at its end, in bytes: a memory never shrinks. */
  memoryBytes: number;
  /** Where outcome is `trapped` or `out-of-memory`: how. */
  trap?: Trap;
  /** Where `trace` is `true`: the calls that the guest made, the first 100,000 of them. */
  trace?: readonly TracedCall[];
  /**
   * Streams whose last output the host did not take, from a full disk to a descriptor that is for reading: it had been
   * held back, so that the guest was not told.
   */
  unwritten?: readonly string[];
  /**
   * If a directory is copy-on-write or in memory: what the run changed in it, by its guest path. Directories that
   * overlap are one, and its changes are listed by the guest path of the outermost.
   */
  changes?: RunChanges;
  /**
   * `true` if a directory of the host was held by its path, since this host has no names for descriptors: another
   * process could have led the guest out of it.
   */
  mayRace?: true;
  /** What may say why it ended badly, where the guest ended in its own thread: see `explain`. */
  clues?: Clues;
}

/** How a guest ended. */
export type Ending =
  | { readonly outcome: "exited"; readonly exitCode: number }
  | { readonly outcome: "trapped" | "out-of-memory"; readonly trap?: RaisedTrap }
  | { readonly outcome: "output-limit" | "timed-out" | "broken-pipe" | "aborted" };

/** What is known of a run once it is over. */
export type Findings = Pick<RunResult, "trace" | "unwritten" | "changes" | "mayRace" | "clues">;

/** What there is to tell of an ending besides its output. */
export type Figures = Findings & Pick<RunResult, "durationMs" | "memoryBytes">;

/** An ending as a result has it. */
export function endOf(ending: Ending, loaded: LoadedModule): Pick<RunResult, "outcome" | "exitCode" | "trap"> {
  const { outcome } = ending;
  if (outcome === "exited") return ending;
  const trap = "trap" in ending && ending.trap ? { trap: createTrap(ending.trap, loaded) } : {};
  return { outcome, exitCode: exitCodes[outcome], ...trap };
}

/** Puts a result together. */
export function createResult(
  end: ReturnType<typeof endOf>,
  stdoutBytes: Buffer,
  stderrBytes: Buffer,
  figures: Figures,
): RunResult {
  return {
    ...end,
    stdout: stdoutBytes.toString(),
    stderr: stderrBytes.toString(),
    stdoutBytes,
    stderrBytes,
    ...figures,
  };
}
