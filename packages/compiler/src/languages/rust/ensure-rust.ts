import { ensureToolchain } from "../../toolchain/ensure.ts";
import type { InstallOptions } from "../language.ts";
import { findWasiRust } from "./find-rust.ts";
import { installers, rustInstallCommand } from "./install-rust.ts";
import { targets, usualCommands } from "./toolchain.ts";
import type { RustCommands, RustToolchain } from "./toolchain.ts";

/**
 * Finds a toolchain that can build for WASI, or installs one: with rustup, or on Debian as root with the distribution's
 * packages.
 *
 * @param commands - what to try, in this order. Default: what is on PATH, then the distribution's
 * @throws BuildError `E_TOOLCHAIN`, with the command to type on this machine
 */
export const ensureRust = (
  options: InstallOptions,
  commands: readonly RustCommands[] = usualCommands,
): Promise<RustToolchain> =>
  ensureToolchain(
    {
      language: "rust",
      find: () => findWasiRust(options.dir, commands),
      installers,
      describeMissing: async () => `No Rust on this machine can build for WASI (target ${targets.join(" or ")}).`,
      installCommand: () => rustInstallCommand(options.dir),
    },
    options,
  );
