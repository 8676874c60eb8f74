/** How a run ended. */
export type Outcome = keyof typeof exitCodes;

/**
 * The exit code for an outcome that is not the guest's own doing: 134 is what
 * a shell reports after an abort.
 */
const exitCodes = { exited: undefined, trapped: 134 } as const;

/** How and where a guest trapped. */
export interface Trap {
  /** What the engine says: `"unreachable"`, `"memory access out of bounds"`, … */
  message: string;
  /** The WebAssembly frames, innermost first, a line each. */
  frames: string[];
}

/** What a run did. */
export interface RunResult {
  /** `exited`: it returned from `_start` or called `proc_exit`. `trapped`: the engine stopped it. */
  outcome: Outcome;
  /** The guest's exit code (0 to 4294967295), or 134 for a trap. */
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
  /** Where outcome is `trapped`: how. */
  trap?: Trap;
}

/** How the guest's `_start` ended. */
export type Ending = { outcome: "exited"; exitCode: number } | { outcome: "trapped"; trap: Trap };

/** Puts a result together. */
export function createResult(
  ending: Ending,
  stdoutBytes: Uint8Array,
  stderrBytes: Uint8Array,
  durationMs: number,
): RunResult {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    exitCode: exitCodes.trapped,
    ...ending,
    stdout: decoder.decode(stdoutBytes),
    stderr: decoder.decode(stderrBytes),
    stdoutBytes,
    stderrBytes,
    durationMs,
  };
}
