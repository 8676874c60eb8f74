import { unknown, UsageError } from "./command-line/command.ts";
import { commands } from "./commands/index.ts";
import { executeCommand } from "./command-line/execute-command.ts";
import { reportErrors } from "./command-line/report-errors.ts";
import { print } from "./ui/output.ts";

/**
 * The command line.
 *
 * @param argv - what follows the program's name
 * @returns the exit code
 */
export const main = (argv: readonly string[]): Promise<number> => reportErrors(() => dispatch(argv));

/** What `wasi-kit MODULE.wasm` runs. */
const moduleName = /\.(wasm|wat)$/;

async function dispatch(argv: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = argv;
  if (Object.hasOwn(commands, name)) {
    const { command } = await commands[name]!.load();
    return executeCommand(name, command, rest);
  }
  // The scripts of `wasi-kit completion` ask this at each Tab.
  if (name === "--complete") {
    const { completionLines } = await import("./commands/completion/complete.ts");
    print(await completionLines(rest));
    return 0;
  }
  if (moduleName.test(name)) return dispatch(["run", ...argv]);
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
  if (name.startsWith("-")) throw new UsageError(`Name a command before its options: wasi-kit run ${argv.join(" ")}`);
  throw new UsageError(unknown("command", name, Object.keys(commands)));
}
