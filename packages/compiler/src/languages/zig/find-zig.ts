import { join } from "node:path";
import { findCommand } from "../../system/find-command.ts";
import { outputOf } from "../../system/output-of.ts";
import { rememberToolchain, statOf } from "../../toolchain/cache.ts";
import { pythonFolder, pythonPackage } from "../../toolchain/installers.ts";
import type { Install } from "../../toolchain/installers.ts";
import { isAtLeast } from "../../toolchain/version.ts";

/** A Zig compiler on this machine, which is a C compiler as well. */
export interface ZigToolchain {
  /** Its path. */
  zig: string;
  version: string;
  files: string[];
}

/** The oldest whose standard library is the one that the examples and new projects use. */
export const oldestZig = "0.16";

/** The oldest that is taken for a C compiler. */
export const oldestZigForC = "0.14";

/**
 * The first Zig that is new enough: on PATH, also as Python's package has it, or where wasi-kit has installed it.
 * Undefined if there is none. Installs nothing.
 */
export async function findZig(dir: string, least: string = oldestZig): Promise<ZigToolchain | undefined> {
  const decides = [least, (await zigPaths(dir)).map((path) => [path, statOf(path)])];
  return rememberToolchain("zig", decides, async () =>
    (await findZigs(dir)).find(({ version }) => isAtLeast(version, least)),
  );
}

/** Every Zig of this machine, however old. */
export async function findZigs(dir: string): Promise<ZigToolchain[]> {
  const found = await Promise.all((await zigPaths(dir)).map((path) => probe(path, dir)));
  return found.filter((it) => it !== undefined);
}

async function zigPaths(dir: string): Promise<string[]> {
  const own = join((await pythonFolder("ziglang")) ?? "", "ziglang/zig");
  return ["zig", "python-zig", own].flatMap((command) => findCommand(command, dir) ?? []);
}

/** `.zig_exe = "/usr/lib/zig/zig",` or, up to Zig 0.14, `"zig_exe": "/usr/lib/zig/zig",`. */
async function probe(path: string, dir: string): Promise<ZigToolchain | undefined> {
  const said = (await outputOf(path, ["env"], dir)) ?? "";
  const valueOf = (name: string): string | undefined => new RegExp(`\\b${name}"? *[:=] *"([^"]+)"`).exec(said)?.[1];
  const [zig, version] = [valueOf("zig_exe"), valueOf("version")];
  return zig && version ? { zig, version, files: [zig] } : undefined;
}

/** Installs Zig from Python's registry. */
export const installZig = (why: string): Install => pythonPackage("ziglang", { why, megabytes: 375 });

/** What installs Zig on this machine. */
export const zigInstallCommand = "python3 -m pip install ziglang";
