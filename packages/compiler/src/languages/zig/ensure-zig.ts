import { ensureToolchain } from "../../toolchain/ensure.ts";
import type { InstallOptions } from "../language.ts";
import type { ToolStatus } from "../tool-status.ts";
import { findZig, findZigs, installZig, oldestZig, zigInstallCommand } from "./find-zig.ts";
import type { ZigToolchain } from "./find-zig.ts";

/**
 * Finds a Zig that can build for WASI, or installs one from Python's registry.
 *
 * @throws BuildError `E_TOOLCHAIN`, with the command to type on this machine
 */
export const ensureZig = (options: InstallOptions): Promise<ZigToolchain> =>
  ensureToolchain(
    {
      language: "zig",
      find: () => findZig(options.dir),
      installers: [installZig("Zig can't build for WASI yet")],
      describeMissing: async () => {
        const [old] = await findZigs(options.dir);
        return old
          ? `${old.zig} is Zig ${old.version}, and only Zig ${oldestZig} or newer can build this: its standard library changes until Zig 1.0.`
          : "There is no Zig on this machine.";
      },
      installCommand: async () => zigInstallCommand,
    },
    options,
  );

/** What Zig is built with. */
export async function zigTools(dir: string): Promise<ToolStatus[]> {
  const usable = await findZig(dir);
  if (usable) return [{ name: "zig", language: "zig", found: true, version: usable.version, path: usable.zig }];
  const [old] = await findZigs(dir);
  return [
    {
      name: "zig",
      language: "zig",
      found: false,
      version: old ? `${old.version}, and ${oldestZig} is needed` : "not found",
      path: old?.zig ?? "",
      installCommand: zigInstallCommand,
    },
  ];
}
