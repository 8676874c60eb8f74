import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Becomes the program, in a process group of its own, and leaves a guard in it
 * that reads a pipe. A line there says that the program has ended; the end of it
 * says that this process has, in whatever way. `@wasi-kit/compiler` ends what it
 * starts in the same way; this package depends on no other.
 */
const guarded = `
command -v "$1" >/dev/null || exit 127
exec 3<&0 </dev/null
(
  trap '' TERM
  if ! read -r ended <&3; then
    kill -TERM 0
    command -p sleep 0.5
  fi
  kill -KILL 0
) >/dev/null 2>&1 &
exec "$@" 3<&-
`;

/**
 * Runs a program whose output is shown, to its end. It ends with this process,
 * and so does what it started.
 *
 * @returns its exit code: 127 if there is no such program, 128 and the signal's number if a signal ended it
 */
export function runInForeground(command: string, args: readonly string[], cwd: string): Promise<number> {
  const isWindows = process.platform === "win32";
  // There, package managers are scripts of its shell.
  const child = isWindows
    ? spawn([command, ...args].join(" "), { cwd, stdio: ["ignore", "inherit", "inherit"], shell: true })
    : spawn("/bin/sh", ["-c", guarded, "create-wasi-kit", command, ...args], {
        cwd,
        stdio: ["pipe", "inherit", "inherit"],
        detached: true,
      });
  // The guard may be gone already.
  child.stdin?.on("error", () => {});
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, name) => {
      child.stdin?.end("ended\n");
      resolve(code ?? 128 + (name ? constants.signals[name] : 0));
    });
  });
}
