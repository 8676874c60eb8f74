import { print } from "../ui/output.ts";
import type { Command } from "./command.ts";
import { parseArguments } from "./parse-args.ts";

/**
 * Runs a command, or prints its help.
 *
 * @param argv - what follows the command's name
 * @returns the exit code
 * @throws UsageError if the command line can't be understood
 */
export async function executeCommand(name: string, command: Command, argv: readonly string[]): Promise<number> {
  const args = await parseArguments(name, command, argv);
  if (!args.values["help"]) return command.run(args);
  const { commandHelp } = await import("../ui/help.ts");
  print(commandHelp(name, command, process.stdout));
  return 0;
}
