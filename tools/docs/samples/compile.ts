import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@wasi-kit/compiler";
import { root } from "../../root.ts";

/** Compiles a WAT file of this folder, and gives the bytes of the module. */
export async function compile(name: string): Promise<Uint8Array> {
  const dir = join(root, "tools/docs/samples");
  const folder = mkdtempSync(join(tmpdir(), "wasi-kit-sample-"));
  try {
    const module = join(folder, "module.wasm");
    await build({ dir, language: "wat", source: join(dir, name), module });
    return readFileSync(module);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
