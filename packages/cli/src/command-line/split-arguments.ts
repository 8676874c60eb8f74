/** A part of a command line, as `parseArgs` of node:util says what it is. */
interface Token {
  readonly kind: string;
  readonly index: number;
  readonly value?: string | undefined;
}

/** A command line in two parts. */
interface SplitArguments {
  /** What is for wasi-kit. */
  own: string[];
  /** What is for the guest; undefined if nothing says that there is something for it. */
  rest: string[] | undefined;
}

/**
 * Splits a command line into what is for wasi-kit and what is for the guest, as
 * wasmtime, wazero and node do: all that follows a module is the guest's, and so
 * is all that follows `--`. A `--` right after the module is none of its arguments.
 *
 * @param isModule - whether an argument names a module
 */
export function splitArguments(
  argv: readonly string[],
  tokens: readonly Token[],
  isModule: (argument: string) => boolean = () => false,
): SplitArguments {
  const end = tokens.find(
    ({ kind, value = "" }) => kind === "option-terminator" || (kind === "positional" && isModule(value)),
  );
  if (!end) return { own: [...argv], rest: undefined };
  if (end.kind === "option-terminator") return { own: argv.slice(0, end.index), rest: argv.slice(end.index + 1) };
  const own = argv.slice(0, end.index + 1);
  const rest = argv.slice(argv[own.length] === "--" ? own.length + 1 : own.length);
  return { own, rest: argv.length > own.length ? rest : undefined };
}
