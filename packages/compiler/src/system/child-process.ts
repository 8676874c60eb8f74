import { mkdirSync, rmSync } from "node:fs";
import { constants } from "node:os";

/** What a program did. */
export interface ChildResult {
  /** Its exit code; 128 and the signal's number if a signal ended it, as a shell says. */
  exitCode: number;
  stdout: string;
  stdoutBytes: Uint8Array;
  stderr: string;
  /** Both, in the order in which they came. */
  output: string;
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
  /** With what the paths of files begin that are removed if this process ends before it does, or ends it. Default: none. */
  scratch?: string;
  /** The path of a file that it reads as stdin. Default: nothing. */
  stdin?: string;
}

/**
 * Becomes the program, in a process group of its own, and leaves a guard in it
 * that reads what was its stdin. That ends when this process has seen the end of
 * the program, when it wants the program to end, or when it ends itself, in
 * whatever way: the kernel closes a pipe even after SIGKILL. If the program runs
 * then, its group gets half a second to end itself. `command -p` is for a PATH
 * on which there is next to nothing.
 *
 * This process makes and removes the temporary folder as well, which is faster
 * than the programs that a shell starts for it. The guard's part is for when
 * this process is killed, or comes second.
 */
const guarded = `
exec 3<&0 <"$2"
temporary=$1
scratch=$3
shift 3
if [ -n "$temporary" ]; then
  [ -d "$temporary" ] || command -p mkdir -m 700 "$temporary" 2>/dev/null
  [ -d "$temporary" ] || command -p mkdir -m 700 "$temporary" || exit
  export TMPDIR="$temporary"
fi
(
  trap '' TERM
  read -r end <&3
  if kill -0 $$ 2>/dev/null; then
    kill -TERM 0
    for tenth in 1 2 3 4 5; do
      kill -0 $$ 2>/dev/null || break
      command -p sleep 0.1
    done
    if [ -n "$scratch" ]; then command -p rm -f "$scratch"*; fi
  fi
  if [ -d "$temporary" ]; then command -p rm -rf "$temporary"; fi
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
  { cwd, env = process.env, signal, temporary = "", scratch = "", stdin = "/dev/null" }: ChildOptions,
): Promise<ChildResult> {
  signal?.throwIfAborted();
  const hasGuard = process.platform !== "win32";
  const [file, all] = hasGuard
    ? ["/bin/sh", ["-c", guarded, "wasi-kit", temporary, stdin, scratch, command, ...args]]
    : [command, args];
  // It loads much of Node.js: most often a build has nothing to do, and starts no process.
  const { spawn } = process.getBuiltinModule("node:child_process");
  const child = spawn(file, all, { cwd, env, detached: hasGuard, windowsHide: true });
  // Only if there is a guard to remove it.
  if (hasGuard && child.pid !== undefined && temporary !== "")
    leaveToGuard(() => mkdirSync(temporary, { mode: 0o700 }));
  const chunks: { stream: "stdout" | "stderr"; bytes: Buffer }[] = [];
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].on("data", (bytes: Buffer) => chunks.push({ stream, bytes }));
  }
  const bytesOf = (...streams: string[]): Buffer =>
    Buffer.concat(chunks.filter(({ stream }) => streams.includes(stream)).map(({ bytes }) => bytes));
  // The guard may be gone already.
  child.stdin.on("error", () => {});
  child.on("exit", () => {
    if (temporary !== "") leaveToGuard(() => rmSync(temporary, { recursive: true, force: true }));
    child.stdin.destroy();
  });
  const end = (): void => void (hasGuard ? child.stdin.destroy() : child.kill());
  signal?.addEventListener("abort", end, { once: true });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, name) => resolve(code ?? 128 + (name ? constants.signals[name] : 0)));
    });
    signal?.throwIfAborted();
    const stdoutBytes = bytesOf("stdout");
    return {
      exitCode,
      stdout: stdoutBytes.toString(),
      stdoutBytes,
      stderr: bytesOf("stderr").toString(),
      output: bytesOf("stdout", "stderr").toString(),
    };
  } finally {
    signal?.removeEventListener("abort", end);
  }
}

/** Does what the guard does after it, and says what fails, if that is yet to be done. */
function leaveToGuard(task: () => void): void {
  try {
    task();
  } catch {
    // It may have been done, too.
  }
}
