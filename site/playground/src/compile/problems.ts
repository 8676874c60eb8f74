/** A mistake in a source. Line and column count from 1. */
export interface SourceProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters it is about. */
  readonly length: number;
  readonly severity: "error" | "warning";
  readonly message: string;
}

/** The mistakes that a compiler's message has places for. */
export const problemsIn = (message: string): SourceProblem[] => [...inWabt(message), ...inAsc(message)];

/** `hello.wat:3:5: error: unexpected token`, the line, and below it carets. */
function inWabt(log: string): SourceProblem[] {
  const lines = log.split("\n");
  return lines.flatMap((text, i): SourceProblem[] => {
    const [, file, line, column, message] = /^([^\s:]+\.wat):(\d+):(\d+): error: (.*)$/.exec(text) ?? [];
    if (file === undefined || message === undefined) return [];
    const length = /\^+/.exec(lines[i + 2] ?? "")?.[0].length ?? 1;
    return [{ file, line: Number(line), column: Number(column), length, severity: "error", message }];
  });
}

/** `ERROR TS2322: Type …`, the source, and `└─ in assembly/index.ts(4,13)`. */
function inAsc(log: string): SourceProblem[] {
  const parts = log.split(/^(?=(?:ERROR|WARNING) )/m);
  return parts.flatMap((part): SourceProblem[] => {
    const [, severity, message] = /^(ERROR|WARNING) (.*)/.exec(part) ?? [];
    const [, file, line, column] = /└─ in (\S+)\((\d+),(\d+)\)/.exec(part) ?? [];
    if (message === undefined || file === undefined) return [];
    const length = /│ *(~+)/.exec(part)?.[1]?.length ?? 1;
    return [
      {
        file,
        line: Number(line),
        column: Number(column),
        length,
        severity: severity === "WARNING" ? "warning" : "error",
        message,
      },
    ];
  });
}
