import { findRust, findWasiRust, rustRemedy } from "./rust-toolchain.ts";
import type { Tool } from "./tools.ts";

/** What Rust is built with: the compiler, and its target for WASI. */
export async function rustTools(dir: string): Promise<Tool[]> {
  const rust = { language: "rust" as const };
  const usable = await findWasiRust(dir);
  const found = usable ?? (await findRust(dir))[0];
  const remedy = usable ? "" : await rustRemedy(dir);
  const compiler = found
    ? { ...rust, name: "rustc and cargo", ok: true, version: found.version, where: found.sysroot }
    : { ...rust, name: "rustc and cargo", ok: false, version: "not found", where: "", remedy };
  const target = usable
    ? { ...rust, name: "target for WASI", ok: true, version: usable.target, where: usable.sysroot }
    : { ...rust, name: "target for WASI", ok: false, version: "not installed", where: "", remedy };
  return [compiler, target];
}
