import { colorModes, print, setColorMode } from "../ui/output.ts";
import { UsageError } from "./command.ts";
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
  const args = parseArguments(name, command, argv);
  useColor(args.values["color"] as string | undefined);
  const help = args.values["help"];
  if (!help) return command.run(args);
  if (help !== true && help !== "all") throw new UsageError(`--help=${String(help)}: expected --help or --help=all`);
  const { commandHelp } = await import("../ui/help.ts");
  print(commandHelp(name, command, process.stdout, help === "all"));
  return 0;
}

function useColor(mode: string | undefined = "auto"): void {
  if (!(colorModes as readonly string[]).includes(mode))
    throw new UsageError(`--color ${mode}: expected ${colorModes.join(", ")}`);
  setColorMode(mode);
}
