import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import wabt from "wabt";
import { BuildError } from "./error.ts";
import type { Job } from "./language.ts";

/** Assembles the text format with wabt, names kept for traces and disassembly. */
export async function compile({ source }: Job): Promise<Uint8Array> {
  const file = relative(process.cwd(), source);
  const { parseWat } = await wabt();
  try {
    const module = parseWat(file, await readFile(source, "utf8"));
    try {
      module.resolveNames();
      module.validate();
      return module.toBinary({ write_debug_names: true }).buffer;
    } finally {
      module.destroy();
    }
  } catch (cause) {
    // "parseWat failed:", then file:line:column, the line and a caret.
    const message = (cause as Error).message.replace(/^\w+ failed:\n/, "").trimEnd();
    throw new BuildError("E_COMPILE", `wabt can't compile ${file}:\n${message}`, { cause });
  }
}
