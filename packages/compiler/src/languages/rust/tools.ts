import type { ToolStatus } from "../tool-status.ts";
import { findRust, findWasiRust } from "./find-rust.ts";
import { rustInstallCommand } from "./install-rust.ts";

/** What Rust is built with: the compiler, and its target for WASI. */
export async function rustTools(dir: string): Promise<ToolStatus[]> {
  const usable = await findWasiRust(dir);
  const installed = usable ?? (await findRust(dir))[0];
  const missing = { found: false, path: "", ...(usable ? {} : { installCommand: await rustInstallCommand(dir) }) };
  return [
    {
      name: "rustc and cargo",
      language: "rust",
      ...(installed
        ? { found: true, version: installed.version, path: installed.sysroot }
        : { ...missing, version: "not found" }),
    },
    {
      name: "target for WASI",
      language: "rust",
      ...(usable
        ? { found: true, version: usable.target, path: usable.sysroot }
        : { ...missing, version: "not installed" }),
    },
  ];
}
