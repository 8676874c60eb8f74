import { unknown, UsageError } from "./command.ts";
import type { Command, Input } from "./command.ts";
import { print, say } from "../ui/output.ts";

/** The exit code where the system refused something: it is the user's to mend. */
const refusedBySystem = 2;

/** The exit code for a defect of wasi-kit's own. */
const ownFailure = 125;

/**
 * Does something that may fail, and turns what it throws into a message on
 * stderr. Never exits the process.
 *
 * @returns the exit code
 */
export async function report(task: () => Promise<number>): Promise<number> {
  try {
    return await task();
  } catch (error) {
    // Every error that is the user's to mend brings its exit code along.
    if (error instanceof Error && "exitCode" in error && typeof error.exitCode === "number") {
      say("error", error.message);
      return error.exitCode;
    }
    const { describeSystemError } = await import("@wasi-kit/compiler/system");
    const refused = describeSystemError(error);
    if (refused !== undefined) {
      say("error", refused);
      return refusedBySystem;
    }
    const details = error instanceof Error ? error.stack : String(error);
    say("error", `This is a defect of wasi-kit's own, please report it.\n${details}`);
    return ownFailure;
  }
}

/**
 * Runs a command, or prints its help.
 *
 * @param argv - what follows the command's name
 * @returns the exit code
 * @throws UsageError where the command line can't be understood
 */
export async function execute(name: string, command: Command, argv: readonly string[]): Promise<number> {
  const input = await parse(command, argv, name);
  if (!input.values["help"]) return command.run(input);
  const { commandHelp } = await import("../ui/help.ts");
  print(commandHelp(name, command, process.stdout));
  return 0;
}

async function parse(command: Command, argv: readonly string[], name: string): Promise<Input> {
  // Most often there are no options, and then no parser is needed.
  if (!argv.some((arg) => arg.startsWith("-"))) return { values: {}, positionals: argv, rest: undefined };
  const { parseArgs } = process.getBuiltinModule("node:util");
  const options = { ...command.options, help: { type: "boolean", short: "h" } } as const;
  // Not strict, so that an unknown option can be answered with the nearest known one.
  const { values, tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const end = tokens.find((token) => token.kind === "option-terminator")?.index ?? argv.length;

  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = (options as Record<string, { type: string; mayHaveValue?: boolean } | undefined>)[token.name];
    if (!option) {
      const known = Object.keys(options).map((it) => `--${it}`);
      throw new UsageError(
        `${await unknown("option", token.rawName, known)}\nThe options of the command: wasi-kit ${name} --help`,
      );
    }
    // `--dir --env A=1` forgot the directory; `--argv0=--x` means what it says.
    const forgotten = token.value === undefined || (!token.inlineValue && token.value.startsWith("--"));
    if (option.type === "string" && forgotten) {
      throw new UsageError(
        `${token.rawName} needs a value: ${token.rawName} ${command.options[token.name]?.value ?? "VALUE"}`,
      );
    }
    if (option.type === "boolean" && !option.mayHaveValue && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value.`);
  }
  return {
    values,
    positionals: tokens.flatMap((token) => (token.kind === "positional" && token.index < end ? [token.value] : [])),
    rest: end < argv.length ? argv.slice(end + 1) : undefined,
  };
}
