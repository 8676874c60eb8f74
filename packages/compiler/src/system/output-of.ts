import { runChild } from "./child-process.ts";

/** What a command prints on stdout, trimmed; undefined if it is not there or fails. */
export async function outputOf(
  command: string,
  args: readonly string[],
  cwd: string,
  env?: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runChild(command, args, { cwd, ...(env && { env }) });
    return exitCode === 0 ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}
