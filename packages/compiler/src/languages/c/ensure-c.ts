import { env } from "node:process";
import { ensureToolchain } from "../../toolchain/ensure.ts";
import { debianCommand, debianPackages, isDebian } from "../../toolchain/installers.ts";
import type { InstallOptions } from "../language.ts";
import type { ToolStatus } from "../tool-status.ts";
import { installZig, zigInstallCommand } from "../zig/find-zig.ts";
import { findC, findClang } from "./find-clang.ts";
import type { CToolchain } from "./toolchain.ts";

/** What Debian calls clang, its linker, and the libraries of C and C++ for WASI. */
const packages = ["clang", "lld", "wasi-libc", "libclang-rt-dev-wasm32", "libc++-dev-wasm32"];

const why = "C can't be built for WASI yet";

/** The command that installs what builds C on this machine. */
export const cInstallCommand = (): string => (isDebian() ? debianCommand(packages) : zigInstallCommand);

/**
 * Finds a C compiler that can build for WASI, or installs one: on Debian as root the distribution's clang, or else Zig,
 * which has one, from Python's registry.
 *
 * @throws BuildError `E_TOOLCHAIN`, with the command to type on this machine
 */
export const ensureC = (options: InstallOptions): Promise<CToolchain> =>
  ensureToolchain(
    {
      language: "c",
      find: () => findC(options.dir),
      installers: [debianPackages({ why, packages, megabytes: 500 }), installZig(why)],
      describeMissing: async () => {
        const sdk = env["WASI_SDK_PATH"];
        const clang = await findClang(options.dir);
        if (clang) return `${clang.path} (${clang.version}) can't build for WASI: it lacks ${clang.lacks.join(", ")}.`;
        return sdk
          ? `WASI_SDK_PATH is ${sdk}, and there is no bin/clang in it.`
          : "There is no C compiler for WASI on this machine.";
      },
      installCommand: async () => cInstallCommand(),
    },
    options,
  );

/** What C and C++ are built with: the compiler, and the libraries for WASI. */
export async function cTools(dir: string): Promise<ToolStatus[]> {
  const usable = await findC(dir);
  const installCommand = cInstallCommand();
  if (usable) {
    const { name, version, path, target, hasCxx, library } = usable;
    return [
      { name, language: "c", found: true, version, path },
      {
        name: "library for WASI",
        language: "c",
        found: true,
        version: hasCxx ? `${target}, C and C++` : `${target}, C alone`,
        path: library,
      },
    ];
  }
  const clang = await findClang(dir);
  return [
    clang
      ? { name: "clang", language: "c", found: true, version: clang.version, path: clang.path }
      : { name: "clang", language: "c", found: false, version: "not found", path: "", installCommand },
    {
      name: "library for WASI",
      language: "c",
      found: false,
      version: clang ? `not found: ${clang.lacks.join(", ")}` : "not found",
      path: "",
      installCommand,
    },
  ];
}
