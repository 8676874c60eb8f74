import type { Diagnosis } from "./diagnosis.ts";

/**
 * How a language has a program stop at a mistake: by what it writes before, and by the trap. These say what the message
 * means, where it is from, and what WASI has to do with it.
 */
export const endings: Readonly<Record<string, Diagnosis>> = {
  "AssemblyScript abort": ({ diagnostics }) => {
    const [, message, file, line] = /^abort: ?(.*) in (\S+)\((\d+):\d+\)$/m.exec(diagnostics.stderrTail) ?? [];
    return file
      ? `The program aborted (an error was thrown in AssemblyScript, which can't be caught) in ${file}, line ${line}${message ? `: ${message}` : "."}`
      : undefined;
  },

  assertion: ({ trap, diagnostics }) => {
    const [, check, file, line] =
      /^Assertion failed: (.*) \((.+): [^:\n]*: (\d+)\)$/m.exec(diagnostics.stderrTail) ?? [];
    return trap !== undefined && file
      ? `A check of the program's own failed (assert) in ${file}, line ${line}: ${check}\n${endsAsTrap}`
      : undefined;
  },

  "Go panic": ({ trap, diagnostics: { stderrTail } }) => {
    const [, message] = (trap === undefined && /^panic: (.*)\n[^]*^goroutine \d+ /m.exec(stderrTail)) || [];
    return message === undefined
      ? undefined
      : `The program panicked (Go's way to stop at a mistake)${placeInGo(stderrTail)}: ${message}\nA panic ends a Go program with exit code 2.`;
  },

  "Go deadlock": ({ diagnostics: { stderrTail } }) =>
    /^fatal error: all goroutines are asleep/m.test(stderrTail)
      ? `Each of its goroutines waits for another one${placeInGo(stderrTail)}: a channel that nobody writes to, say, or a lock that nobody gives back. Under WASI no signal and no connection comes that could end that.`
      : undefined,

  // Its programs for WASI have a network of their own, in memory: no call is made.
  "Go network": ({ diagnostics: { stderrTail } }) =>
    /\bdial (?:tcp|udp)\d? .*: Connection refused/i.test(stderrTail)
      ? "It wanted to connect to another program. A Go program under WASI has a network to itself, on which nobody listens: WASI preview 1 can open no socket."
      : undefined,

  // As Zig writes it, and others do.
  panic: ({ trap, diagnostics: { stderrTail } }) => {
    const [, message] = (trap === "unreachable" && /^(?:thread \d+ )?panic: (.*)$/m.exec(stderrTail)) || [];
    return message === undefined ? undefined : `The program panicked, at a mistake: ${message}\n${endsAsTrap}`;
  },
};

const endsAsTrap = "It ends as a trap, with exit code 134.";

/** Where the innermost function of the program's own was, as Go's backtrace says. */
function placeInGo(stderr: string): string {
  const [, file, line] = /^main\.[^\n]*\n\t(\S+):(\d+)/m.exec(stderr) ?? [];
  return file === undefined ? "" : ` in ${file}, line ${line}`;
}

/** What a trap means, if nothing else is known. */
export const meaningOfTrap: Diagnosis = ({ trap }) => (trap === undefined ? undefined : trapMeanings[trap]);

/** What V8's messages mean, for someone who wrote the source. */
const trapMeanings: Readonly<Record<string, string>> = {
  "memory access out of bounds":
    "It read or wrote at an address outside of its memory: by a pointer that was not set or no longer holds, or past the end of what it points to.",
  "null function or function signature mismatch":
    "It called a function by a pointer that is null, or that points to a function with other parameters or another result.",
  "table index is out of bounds": "It called a function by a pointer that points to no function.",
  "divide by zero": "It divided a whole number by zero.",
  "remainder by zero": "It divided a whole number by zero, for the remainder.",
  "divide result unrepresentable":
    "It divided the smallest whole number that there is by -1, and the result has no place in its type.",
  "float unrepresentable in integer range":
    "It made a whole number of a floating-point number that is too large for its type, or is none (NaN).",
};
