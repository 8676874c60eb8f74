import { parseArgs } from "node:util";
import { commands, UsageError } from "./command.ts";
import type { Command, Input } from "./command.ts";
import { say } from "./say.ts";

/** The exit code for a defect of wasi-kit's own. */
const ownFailure = 125;

/**
 * The command line: parses it, runs the command and turns what it throws into
 * a message on stderr. Never exits the process.
 *
 * @param argv - what follows the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    // Every error that is the user's to mend brings its exit code along.
    if (error instanceof Error && "exitCode" in error && typeof error.exitCode === "number") {
      say("error", error.message);
      return error.exitCode;
    }
    say(
      "error",
      `This is a defect of wasi-kit's own, please report it.\n${error instanceof Error ? error.stack : String(error)}`,
    );
    return ownFailure;
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = argv;
  if (name === "--version" || name === "-v") {
    const { version } = await import("./version.ts");
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  if (name === "help" && rest[0] && Object.hasOwn(commands, rest[0])) return dispatch([rest[0], "--help"]);
  if (name === "--help" || name === "-h" || name === "help") {
    const { overview } = await import("./help.ts");
    process.stdout.write(overview(process.stdout));
    return argv.length === 0 ? 2 : 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) throw new UsageError(await unknown("command", name, Object.keys(commands)));
  const { command } = await entry.load();
  const input = await parse(command, rest, name);
  if (input.values["help"]) {
    const { commandHelp } = await import("./help.ts");
    process.stdout.write(commandHelp(name, command, process.stdout));
    return 0;
  }
  return command.run(input);
}

async function parse(command: Command, argv: readonly string[], name: string): Promise<Input> {
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
    const option = (options as Record<string, { type: string } | undefined>)[token.name];
    if (!option) {
      const known = Object.keys(options).map((it) => `--${it}`);
      throw new UsageError(
        `${await unknown("option", token.rawName, known)}\nThe options of the command: wasi-kit ${name} --help`,
      );
    }
    if (option.type === "string" && token.value === undefined) {
      throw new UsageError(
        `${token.rawName} needs a value: ${token.rawName} ${command.options[token.name]?.value ?? "VALUE"}`,
      );
    }
    if (option.type === "boolean" && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value.`);
  }
  return {
    values,
    positionals: tokens.flatMap((token) => (token.kind === "positional" && token.index < end ? [token.value] : [])),
    rest: end < argv.length ? argv.slice(end + 1) : undefined,
  };
}

async function unknown(kind: string, name: string, known: string[]): Promise<string> {
  const { default: leven } = await import("leven");
  const nearest = known.toSorted((a, b) => leven(a, name) - leven(b, name))[0] ?? "";
  const hint = leven(nearest, name) <= Math.max(1, name.length / 3) ? ` Did you mean ${nearest}?` : "";
  return `There is no ${kind} ${name}.${hint} There are: ${known.join(", ")}.`;
}
