import { say } from "../ui/output.ts";

/** The exit code for an error of the operating system, which the user can do something about. */
const systemError = 2;

/** The exit code for a defect of wasi-kit. */
const defect = 125;

/**
 * Runs a task, and prints what it throws as a message on stderr. Never exits the
 * process.
 *
 * @returns the exit code
 */
export async function reportErrors(task: () => Promise<number>): Promise<number> {
  try {
    return await task();
  } catch (error) {
    // Every error that the user can do something about has an exit code.
    if (error instanceof Error && "exitCode" in error && typeof error.exitCode === "number") {
      say("error", error.message);
      return error.exitCode;
    }
    const { describeSystemError } = await import("@wasi-kit/compiler/system");
    const message = describeSystemError(error);
    if (message !== undefined) {
      say("error", message);
      return systemError;
    }
    const details = error instanceof Error ? error.stack : String(error);
    say("error", `This is a defect of wasi-kit. Please report it.\n${details}`);
    return defect;
  }
}
