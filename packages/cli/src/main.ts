import { unknown, UsageError } from "./command-line/command.ts";
import { commands } from "./commands/index.ts";
import { execute, report } from "./command-line/execute.ts";
import { print } from "./ui/output.ts";

/**
 * The command line.
 *
 * @param argv - what follows the program's name
 * @returns the exit code
 */
export const main = (argv: readonly string[]): Promise<number> => report(() => dispatch(argv));

async function dispatch(argv: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = argv;
  if (name === "--version" || name === "-v") {
    const { version } = await import("./version.ts");
    print(`${version()}\n`);
    return 0;
  }
  if (name === "help" && rest[0]) return dispatch([rest[0], "--help"]);
  if (name === "--help" || name === "-h" || name === "help") {
    const { overview } = await import("./ui/overview.ts");
    print(overview(process.stdout));
    return argv.length === 0 ? 2 : 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) throw new UsageError(await unknown("command", name, Object.keys(commands)));
  const { command } = await entry.load();
  return execute(name, command, rest);
}
