import { BuildError } from "../error.ts";
import type { InstallOptions } from "../languages/language.ts";
import { isLocked, withLock } from "../system/lock.ts";
import type { Install } from "./installers.ts";

/** How a toolchain is found, and what installs it. */
export interface Provision<T> {
  /** Whose it is: `rust`. Two of a name are not installed at the same time. */
  language: string;
  /** Undefined if there is none that can build for WASI. Installs nothing. */
  find(): Promise<T | undefined>;
  /** The ways to install it, in the order in which they are tried. */
  installers: readonly Install[];
  /** What this machine lacks, as a sentence. */
  describeMissing(): Promise<string>;
  /** What to type on this machine. */
  installCommand(): Promise<string>;
}

/**
 * Finds a toolchain that can build for WASI, or installs one. Nothing is installed without a line to `log`, nothing at
 * all with WASI_KIT_NO_INSTALL=1, and never twice at the same time.
 *
 * @throws BuildError `E_TOOLCHAIN`, with the command to type on this machine
 */
export async function ensureToolchain<T>(
  { language, find, installers, describeMissing, installCommand }: Provision<T>,
  { dir, log }: InstallOptions,
): Promise<T> {
  const mayInstall = process.env["WASI_KIT_NO_INSTALL"] !== "1";
  const present = await find();
  // While another process installs, what was found may be there in part only. Asked
  // afterwards: an installer that began during the search is seen as well.
  if (present && !(mayInstall && isLocked(language))) return present;
  const failures: string[] = [];
  if (mayInstall) {
    const installed = await withLock(language, log, async () => {
      // The process that held the lock before may have installed it.
      const meanwhile = await find();
      if (meanwhile) return meanwhile;
      for (const install of installers) {
        const failure = await install({ dir, log });
        if (failure !== undefined) failures.push(failure);
        const now = failure === undefined ? await find() : undefined;
        if (now) return now;
      }
      return undefined;
    });
    if (installed) return installed;
  }
  throw new BuildError(
    "E_TOOLCHAIN",
    [
      await describeMissing(),
      ...(mayInstall ? [] : ["Nothing was installed, since WASI_KIT_NO_INSTALL=1 forbids it."]),
      ...failures,
      `To install it: ${await installCommand()}`,
    ].join("\n"),
  );
}
