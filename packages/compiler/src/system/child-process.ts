import { spawn } from "node:child_process";
import { constants } from "node:os";

/** What a program did. */
export interface ChildResult {
  /** Its exit code; 128 and the signal's number if a signal ended it, as a shell says. */
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** How a program is run. */
export interface ChildOptions {
  /** The working directory. */
  cwd: string;
  /** Its variables. Default: this process's. */
  env?: NodeJS.ProcessEnv;
  /** Ends it, and what it started. */
  signal?: AbortSignal | undefined;
  /** A folder that does not exist: it is made for the program's temporary files, and removed with all that is in it. */
  temporary?: string;
}

/**
 * Becomes the program, in a process group of its own, and leaves a guard in it
 * that reads what was its stdin. A line there says that the program has ended.
 * The end of it says that this process has, in whatever way, or that it wants
 * the program to end: the kernel closes a pipe even after SIGKILL. Then the
 * group gets half a second to end itself. `command -p` is for a PATH on which
 * there is next to nothing.
 */
const guarded = `
exec 3<&0 </dev/null
temporary=$1
shift
if [ -n "$temporary" ]; then
  command -p mkdir -m 700 "$temporary" || exit
  export TMPDIR="$temporary"
fi
(
  trap '' TERM
  if ! read -r ended <&3; then
    kill -TERM 0
    for tenth in 1 2 3 4 5; do
      kill -0 $$ 2>/dev/null || break
      command -p sleep 0.1
    done
  fi
  if [ -n "$temporary" ]; then command -p rm -rf "$temporary"; fi
  kill -KILL 0
) >/dev/null &
exec "$@" 3<&-
`;

/**
 * Runs a program to its end. It ends with this process however that ends, even
 * by SIGKILL, and so does what it started, except for what left its process
 * group. On Windows, which has no groups, a program that is started outlives a
 * process that is killed.
 *
 * @returns what it did, once nothing of it is left
 * @throws Error of the system if it can't be started; the signal's reason if that ended it
 */
export async function runChild(
  command: string,
  args: readonly string[],
  { cwd, env = process.env, signal, temporary = "" }: ChildOptions,
): Promise<ChildResult> {
  signal?.throwIfAborted();
  const [file, all] =
    process.platform === "win32"
      ? [command, args]
      : ["/bin/sh", ["-c", guarded, "wasi-kit", temporary, command, ...args]];
  const child = spawn(file, all, { cwd, env, detached: process.platform !== "win32", windowsHide: true });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (bytes: Buffer) => out.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => err.push(bytes));
  // The guard may be gone already.
  child.stdin.on("error", () => {});
  child.on("exit", () => child.stdin.end("ended\n"));
  const end = (): void => void (process.platform === "win32" ? child.kill() : child.stdin.destroy());
  signal?.addEventListener("abort", end, { once: true });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, name) => resolve(code ?? 128 + (name ? constants.signals[name] : 0)));
    });
    signal?.throwIfAborted();
    return { exitCode, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
  } finally {
    signal?.removeEventListener("abort", end);
  }
}
