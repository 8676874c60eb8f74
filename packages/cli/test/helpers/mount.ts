import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether this process may mount file systems: root may, if its container lets it. */
export const canMount = tries();

function tries(): boolean {
  const dir = mkdtempSync(join(tmpdir(), "wasi-kit-mount-"));
  try {
    mount(dir, "-t", "tmpfs", "tmpfs");
    unmount(dir);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(dir);
  }
}

/** Mounts a file system on a folder. */
export function mount(dir: string, ...how: readonly string[]): void {
  execFileSync("mount", [...how, dir], { stdio: "ignore" });
}

/** Takes it away again. */
export function unmount(dir: string): void {
  execFileSync("umount", [dir], { stdio: "ignore" });
}
