import { BuildError } from "../../error.ts";
import { isLocked, withLock } from "../../system/lock.ts";
import type { InstallOptions } from "../language.ts";
import { findWasiRust } from "./find-rust.ts";
import { installers, rustInstallCommand } from "./install-rust.ts";
import { targets, usualCommands } from "./toolchain.ts";
import type { RustCommands, RustToolchain } from "./toolchain.ts";

/**
 * Finds a toolchain that can build for WASI, or installs one: with rustup, or
 * on Debian as root with the distribution's packages. Nothing is installed
 * without a line to `log`, nothing at all with WASI_KIT_NO_INSTALL=1, and never
 * twice at the same time.
 *
 * @param commands - what to try, in this order. Default: what is on PATH, then the distribution's
 * @throws BuildError `E_TOOLCHAIN`, with the command to type on this machine
 */
export async function ensureRust(
  { dir, log }: InstallOptions,
  commands: readonly RustCommands[] = usualCommands,
): Promise<RustToolchain> {
  const mayInstall = process.env["WASI_KIT_NO_INSTALL"] !== "1";
  const present = await findWasiRust(dir, commands);
  // While another process installs, what was found may be there in part only. Asked
  // afterwards: an installer that began during the search is seen as well.
  if (present && !(mayInstall && isLocked("rust"))) return present;
  const failures: string[] = [];
  if (mayInstall) {
    const installed = await withLock("rust", log, async () => {
      // The process that held the lock before may have installed it.
      const meanwhile = await findWasiRust(dir, commands);
      if (meanwhile) return meanwhile;
      for (const install of installers) {
        const failure = await install({ dir, log });
        if (failure !== undefined) failures.push(failure);
        const now = failure === undefined ? await findWasiRust(dir, commands) : undefined;
        if (now) return now;
      }
      return undefined;
    });
    if (installed) return installed;
  }
  throw new BuildError("E_TOOLCHAIN", await describeMissing(dir, { mayInstall, failures }));
}

async function describeMissing(
  dir: string,
  { mayInstall, failures }: { mayInstall: boolean; failures: readonly string[] },
): Promise<string> {
  return [
    `No Rust on this machine can build for WASI (target ${targets.join(" or ")}).`,
    ...(mayInstall ? [] : ["Nothing was installed, since WASI_KIT_NO_INSTALL=1 forbids it."]),
    ...failures,
    `To install it: ${await rustInstallCommand(dir)}`,
  ].join("\n");
}
