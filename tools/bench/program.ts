import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { text } from "node:stream/consumers";
import { root } from "../root.ts";

/** A program that is measured. */
export interface Program {
  command: string;
  args: readonly string[];
  /** A file for its stdout. Default: it is read, and returned. */
  stdout?: string;
  /** Its working directory. Default: the repository's root. */
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end.
 *
 * @param watch - is given the process when it has started
 * @throws Error if it fails, with what it wrote to stderr
 */
export async function runProgram(
  { command, args, stdout, cwd = root, env = {} }: Program,
  watch?: (child: ChildProcess) => void,
): Promise<{ stdout: string }> {
  const out = stdout === undefined ? "pipe" : openSync(stdout, "w");
  try {
    const child = spawn(command, args, { stdio: ["ignore", out, "pipe"], cwd, env: { ...process.env, ...env } });
    watch?.(child);
    const [code, written, problems] = await Promise.all([
      new Promise<number | null>((done, fail) => child.on("close", done).on("error", fail)),
      child.stdout ? text(child.stdout) : "",
      child.stderr ? text(child.stderr) : "",
    ]);
    if (code !== 0) throw new Error(`${command} ${args.join(" ")} exited with ${code}\n${problems.slice(-2000)}`);
    return { stdout: written };
  } finally {
    if (typeof out === "number") closeSync(out);
  }
}
