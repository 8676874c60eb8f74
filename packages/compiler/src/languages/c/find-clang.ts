import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { env } from "node:process";
import { findCommand } from "../../system/find-command.ts";
import { outputOf } from "../../system/output-of.ts";
import { rememberToolchain, statOf } from "../../toolchain/cache.ts";
import { isAtLeast } from "../../toolchain/version.ts";
import { findZig, oldestZigForC } from "../zig/find-zig.ts";
import { oldestClang, cTargets } from "./toolchain.ts";
import type { Clang, CToolchain } from "./toolchain.ts";

/** The path of clang: a wasi-sdk's, if WASI_SDK_PATH names one, or the one on PATH. */
function clangPath(dir: string): string | undefined {
  const sdk = env["WASI_SDK_PATH"];
  return findCommand(sdk ? resolve(dir, sdk, "bin/clang") : "clang", dir);
}

/** The clang of this machine, whether or not it can build for WASI. */
export async function findClang(dir: string): Promise<Clang | undefined> {
  const path = clangPath(dir);
  return path === undefined ? undefined : probe(path, dir);
}

/** The first compiler that can build for WASI: a clang, or Zig's. Undefined if there is none. Installs nothing. */
export async function findC(dir: string): Promise<CToolchain | undefined> {
  const path = clangPath(dir);
  const clang = await rememberToolchain(
    "c",
    [path, path && statOf(path)],
    async () => (await findClang(dir))?.toolchain,
  );
  // Whoever names a wasi-sdk means it.
  if (clang || env["WASI_SDK_PATH"]) return clang;
  const zig = await findZig(dir, oldestZigForC);
  if (!zig) return undefined;
  const library = join(dirname(zig.zig), "lib");
  return {
    name: "zig cc",
    version: zig.version,
    path: zig.zig,
    c: [zig.zig, "cc"],
    cxx: [zig.zig, "c++"],
    target: "wasm32-wasi",
    library,
    linked: [],
    hasCxx: true,
    own: [library],
    files: zig.files,
  };
}

async function probe(path: string, dir: string): Promise<Clang | undefined> {
  const version = /clang version (\S+)/.exec((await outputOf(path, ["--version"], dir)) ?? "")?.[1];
  if (version === undefined) return undefined;
  // It answers with a path if it has found the file, and otherwise with what it was asked for.
  const fileOf = async (target: string, question: string): Promise<string | undefined> => {
    const answer = await outputOf(path, [`--target=${target}`, question], dir);
    return answer !== undefined && existsSync(answer) ? answer : undefined;
  };
  const libraries = await Promise.all(cTargets.map((target) => fileOf(target, "-print-file-name=libc.a")));
  const at = libraries.findIndex((library) => library !== undefined);
  const target = cTargets[at] ?? "wasm32-wasi";
  const [cxx, builtins, linker] = await Promise.all([
    fileOf(target, "-print-file-name=libc++.a"),
    fileOf(target, "-print-libgcc-file-name"),
    fileOf(target, "-print-prog-name=wasm-ld"),
  ]);
  const library = libraries[at];
  const lacks = [
    ...(isAtLeast(version, oldestClang) ? [] : [`a version from ${oldestClang} on`]),
    ...(linker ? [] : ["wasm-ld"]),
    ...(library ? [] : ["wasi-libc"]),
    ...(builtins ? [] : ["its library of builtins for wasm32"]),
  ];
  if (lacks.length > 0 || !library || !builtins || !linker) return { path, version, lacks, toolchain: undefined };
  const compiler = [path, `--target=${target}`];
  const toolchain: CToolchain = {
    name: "clang",
    version,
    path,
    c: compiler,
    cxx: [`${path}++`, `--target=${target}`],
    target,
    library,
    linked: [library],
    hasCxx: cxx !== undefined,
    own: [join(dirname(library), "../../include"), join(dirname(builtins), "../..")],
    files: [path, linker, library, builtins, ...(cxx ? [cxx] : [])],
  };
  return { path, version, lacks, toolchain };
}
