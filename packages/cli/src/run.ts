import { command } from "./commands/run.ts";
import { execute, report } from "./execute.ts";

export { command };

/**
 * The command line of `wasi-kit run` alone, for the bundle that starts fast.
 *
 * @param argv - what follows the program's name, `run` included
 * @returns the exit code
 */
export const main = (argv: readonly string[]): Promise<number> => report(() => execute("run", command, argv.slice(1)));
