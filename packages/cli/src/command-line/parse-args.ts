import { parseArgs } from "node:util";
import { unknown, UsageError } from "./command.ts";
import type { Command, ParsedArgs } from "./command.ts";
import { commonOptions } from "./common-options.ts";
import { splitArguments } from "./split-arguments.ts";

/**
 * Parses what follows a command's name.
 *
 * @throws UsageError if there is no such option, or it is not used as it has to be
 */
export function parseArguments(name: string, command: Command, argv: readonly string[]): ParsedArgs {
  // Most often there are no options, and then no parser is needed.
  if (!argv.some((arg) => arg.startsWith("-"))) {
    const { own, rest } = splitArguments(
      argv,
      argv.map((value, index) => ({ kind: "positional", value, index })),
      command.isModule,
    );
    return { values: {}, positionals: own, rest };
  }
  const options = { ...command.options, ...commonOptions } as const;
  // Not strict, so that an unknown option can be answered with the nearest known one.
  const how = { options, strict: false, tokens: true, allowPositionals: true } as const;
  const { own, rest } = splitArguments(argv, parseArgs({ args: [...argv], ...how }).tokens, command.isModule);
  const { values, tokens } = parseArgs({ args: own, ...how });

  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = (options as Record<string, { type: string; value?: string; mayHaveValue?: boolean } | undefined>)[
      token.name
    ];
    if (!option) {
      const known = Object.keys(options).map((it) => `--${it}`);
      throw new UsageError(
        `${unknown("option", token.rawName, known)}\nThe options of the command: wasi-kit ${name} --help=all`,
      );
    }
    // `--dir --env A=1` forgot the directory; `--argv0=--x` means what it says.
    const forgotten = token.value === undefined || (!token.inlineValue && token.value.startsWith("--"));
    if (option.type === "string" && forgotten) {
      throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${option.value ?? "VALUE"}`);
    }
    if (option.type === "boolean" && !option.mayHaveValue && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value.`);
  }
  return {
    values,
    positionals: tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : [])),
    rest,
  };
}
